// Who reads the pictures: the reader that is shipped, or one that this visitor trained. Offered once there is one.

import { finder } from '../shared/dom.js';
import { ownNetworks } from '../shared/own.js';
import { text, withDetails } from '../shared/words.js';

/** @import { OwnNetwork } from '../types.d.ts' */

export class Readers {
  /**
   * @param {HTMLElement} place
   * @param {(time?: number) => void} changed called after the visitor chose another one, or the chosen one is gone
   */
  constructor(place, changed) {
    const $ = finder(place);
    this.place = place;
    this.changed = changed;
    this.select = $('select', HTMLSelectElement);
    this.about = $('small');
    this.select.addEventListener('input', (event) => { this.#describe(); changed(event.timeStamp); });
    ownNetworks.onChange(() => {
      const before = this.token;
      this.offer();
      if (this.token !== before) changed();
    });
    this.offer();
  }

  get token() { return this.select.value; }

  offer(chosen = this.token) {
    const own = ownNetworks.all.filter(({ drawn, reads }) => drawn && reads);
    const options = own.map(({ name, token }) => new Option(name, token));
    this.select.replaceChildren(new Option(text.reader_shipped, 'default'), ...options);
    this.select.value = own.some(({ token }) => token === chosen) ? chosen : 'default';
    this.place.hidden = !own.length;
    this.#describe();
  }

  /** @param {OwnNetwork} network */
  use(network) {
    ownNetworks.add({ ...network, drawn: true });
    this.offer(network.token);
    this.changed();
  }

  #describe() {
    const own = ownNetworks.find(this.token);
    const digits = own?.learned?.digits ?? [];
    const few = digits.length > 0 && digits.length < 10;
    const words = few ? withDetails(text.reader_own_digits, { digits: digits.join(' ') }) : text.model_own_about;
    this.about.textContent = own ? words : text.reader_shipped_about;
  }
}
