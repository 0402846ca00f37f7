// What else a page can do where a picture costs milliseconds and no request: all amounts at once, and noise that plays.

import { finder } from '../shared/dom.js';
import { text } from '../shared/words.js';
import { Player } from './player.js';
import { Strip } from './strip.js';

/** @import { State } from '../types.d.ts' */
/** @import { Computing } from './computing.js' */
/** @import { Settings } from './settings.js' */

export class More {
  /**
   * @param {HTMLElement} root
   * @param {{ computing: Computing, settings: Settings, state: () => State | null, busy: () => boolean }} board
   */
  constructor(root, { computing, settings, state, busy }) {
    const $ = finder(root);
    this.computing = computing;
    this.strip = new Strip(root, {
      state, busy,
      tile: (asked, amount) => computing.tile(asked, amount),
      choose: (percent) => settings.useAmount(percent),
    });
    this.player = new Player($('.play-noise', HTMLButtonElement), {
      noise: computing.noise,
      distribution: () => { const now = state(); return now && computing.distributionOf(now); },
      ready: () => !busy() && computing.canBeHere,
      seed: () => settings.seed,
      use: (seed) => settings.useSeed(seed),
      largest: settings.props.limits.largest_seed,
    });
    this.buttons = [this.strip.toggle, this.player.button];
    for (const button of this.buttons) button.addEventListener('click', () => this.offer());
    computing.playing = () => this.player.playing;
    this.offer();
  }

  // Only where this browser computes.
  offer() {
    const here = this.computing.canBeHere;
    for (const button of this.buttons) {
      button.disabled = !here && button.getAttribute('aria-pressed') !== 'true';
      button.title = here ? text[button.dataset.about ?? ''] : text.only_here;
    }
  }

  // Something changed that pictures depend on.
  change() {
    this.strip.change();
  }
}
