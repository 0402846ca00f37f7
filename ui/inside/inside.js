// The Inside tab: what happens in a network while it takes the noise out of a digit.

import { finder } from '../shared/dom.js';
import { ownNetworks } from '../shared/own.js';
import { Task } from '../shared/task.js';
import { Views } from '../shared/views.js';
import { addWords, fillWords, text } from '../shared/words.js';
import { Data } from './data.js';
import { Flow } from './flow.js';
import { Looks } from './looks.js';
import { Latent } from './latent.js';
import { Network } from './network.js';

/** @import { InsideProps, InsideServer, InsideView, Refusal, Surroundings } from '../types.d.ts' */

/** @type {Record<string, new (surroundings: Surroundings) => InsideView>} */
const VIEWS = { flow: Flow, looks: Looks, latent: Latent, network: Network, data: Data };

class Inside {
  /** @type {Map<string, InsideView>} */ #views = new Map();  // those that were opened

  /**
   * @param {HTMLElement} root
   * @param {InsideProps} props
   * @param {InsideServer} server
   */
  constructor(root, props, server) {
    this.root = root;
    this.props = props;
    this.server = server;
    const $ = this.$ = finder(root);
    fillWords(root);
    this.networks = $('.inside-network', HTMLSelectElement);
    this.#list();
    this.task = new Task(root, props, { example: (wish) => server.example(wish), changed: () => this.update() });
    this.views = new Views(root, () => this.update());
  }

  // All networks that denoise, the visitor's own last; who was chosen stays.
  #list() {
    const chosen = this.networks.value;
    const own = ownNetworks.all.filter(({ reads }) => !reads).map(({ token, name }) => new Option(name, token));
    const shipped = this.props.networks.map((name) => new Option(text[`model.${name}`] ?? name, name));
    this.networks.replaceChildren(...shipped, ...own);
    if ([...this.networks.options].some(({ value }) => value === chosen)) this.networks.value = chosen;
  }

  // Something changed that what is shown depends on.
  update() {
    if (this.task.seen) this.#view(this.views.open).change();
  }

  /** @param {string} name */
  #view(name) {
    const known = this.#views.get(name) ?? new VIEWS[name]({
      root: this.$(`.view[data-view="${name}"]`),
      server: this.server,
      task: this.task,
      network: () => this.networks.value,
      open: () => this.task.seen && this.views.open === name,
      refused: (refusal) => this.#refused(refusal),
    });
    this.#views.set(name, known);
    return known;
  }

  /** @param {Refusal | null} refusal */
  #refused(refusal) {
    if (refusal?.hint === 'gone') return ownNetworks.remove(refusal.token ?? '');
    this.task.refused(refusal);
  }

  listen() {
    this.task.listen();
    this.networks.addEventListener('input', () => this.update());
    ownNetworks.onChange(() => { this.#list(); this.update(); });
  }
}

/**
 * @param {HTMLElement} element
 * @param {InsideProps} props
 * @param {InsideServer} server
 */
export function start(element, props, server) {
  addWords(props.texts);
  new Inside(finder(element)('.inside'), props, server).listen();
}
