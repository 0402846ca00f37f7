// The Compare tab: one digit, one noise, and everybody who takes it out, side by side.

import { finder } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { fromBase64, toBase64 } from '../shared/pixels.js';
import { Task } from '../shared/task.js';
import { Views } from '../shared/views.js';
import { addWords, fillWords, text, withDetails } from '../shared/words.js';
import { Card, readOf } from './card.js';
import { Measure } from './measure.js';
import { NoiseMap } from './noise_map.js';
import { best, sorted } from './order.js';
import { Speed } from './speed.js';
import { Sweep } from './sweep.js';

/** @import { CompareAnswer, CompareProps, CompareServer, Refusal } from '../types.d.ts' */
/** @typedef {{ pixels: Uint8Array, amount: number, kind: string, seed: number, names: string[] }} Contest */

const ORDERS = ['given', 'psnr', 'ssim', 'ms'];

class Compare {
  /** @type {Card[]} in the given order */ #cards = [];

  /**
   * @param {HTMLElement} root
   * @param {CompareProps} props
   * @param {CompareServer} server
   */
  constructor(root, props, server) {
    this.root = root;
    this.props = props;
    this.server = server;
    const $ = this.$ = finder(root);
    fillWords(root);
    this.order = $('.compare-order', HTMLSelectElement);
    this.task = new Task(root, props, {
      example: (wish) => server.example(wish),
      changed: (amountAlone) => this.update(amountAlone),
    });
    for (const name of ORDERS) this.order.add(new Option(text[`sort_${name}`], name));
    this.#list();
    this.links = [false, true].map((slow) => this.#line(slow));
    this.sweep = new Sweep(root, {
      ask: (task) => server.sweep(task),
      task: () => this.#sweepTask(),
      rivals: () => [...this.#cards].sort((a, b) => Number(this.#isSlow(a.name)) - Number(this.#isSlow(b.name))),
      refused: (refusal) => this.#refused(refusal),
      truth: (digit) => this.task.show(digit),
      choose: (percent) => this.task.choose(percent),
    });
    this.map = new NoiseMap(root, {
      ask: (name) => server.noise_map_row({ name }),
      open: () => this.task.seen && this.views.open === 'map',
      networks: () => this.#cards.filter(({ name }) => props.networks.includes(name) || !props.rivals.includes(name)),
      refused: (refusal) => this.#refused(refusal),
      kinds: props.kinds,
      amounts: props.map_amounts,
    });
    this.measure = this.#measuring();
    this.speed = this.#speeding();
    this.views = new Views(root, () => this.update());
    const missing = props.missing.map((name) => text[`rival.${name}`]).join(', ');
    $('.compare-missing').hidden = !missing;
    $('.compare-missing').textContent = withDetails(text.compare_missing, { names: missing });
  }

  #measuring() {
    const { root, props, server } = this;
    return new Measure(root, {
      ask: (wish) => server.measure_cell(wish),
      open: () => this.task.seen && this.views.open === 'measure',
      everybody: () => this.#measured(),
      isSlow: (name) => this.#isSlow(name),
      refused: (refusal) => this.#refused(refusal),
      answered: () => this.task.say(null),
      kinds: props.kinds,
      props: props.measure,
    });
  }

  #speeding() {
    const { root, props, server } = this;
    return new Speed(root, {
      ask: (wish) => server.speed(wish),
      open: () => this.task.seen && this.views.open === 'measure',
      networks: props.networks,
      refused: (refusal) => this.#refused(refusal),
      answered: () => this.task.say(null),
      props: props.speed,
    });
  }

  // Who is quick is asked together, and does not wait for who is slow.
  /** @param {boolean} slow */
  #line(slow) {
    return new Link({
      state: () => this.#contest(slow),
      ask: ({ pixels, ...task }) => this.server.contend({ pixels: toBase64(pixels), ...task }),
      show: (answer) => { if (!slow || answer.hint !== 'busy') this.#take(answer); },  // its card waits anyway
      lost: () => this.task.say('lost'),
    });
  }

  /**
   * @param {boolean} slow
   * @returns {Contest | null}
   */
  #contest(slow) {
    const { pixels, seen, noise } = this.task;
    const names = this.#cards.map(({ name }) => name).filter((name) => this.#isSlow(name) === slow);
    if (!seen || this.views.open !== 'beside' || !pixels || !names.length) return null;
    return { pixels, ...noise, names };
  }

  #sweepTask() {
    const { pixels, seen, kind, seed } = this.task;
    if (!seen || this.views.open !== 'sweep' || !pixels) return null;
    return { pixels: toBase64(pixels), kind, seed };
  }

  /** @param {string} name */
  #isSlow(name) { return this.props.slow.includes(name); }

  // Something changed that the pictures depend on.
  update(amountAlone = false) {
    if (!this.task.seen || (amountAlone && this.views.open !== 'beside')) return;  // they show every amount
    if (this.views.open === 'map') return this.map.change();
    if (this.views.open === 'measure') return this.measure.change();
    if (!this.task.pixels) return this.#empty();
    if (this.views.open === 'sweep') this.sweep.change();
    else for (const link of this.links) link.touch();
  }

  #empty() {
    for (const link of this.links) link.forget();
    this.#list();
    this.task.empty();
  }

  /** @param {CompareAnswer | Refusal} answer */
  #take(answer) {
    if (!('entries' in answer)) return this.#refused(answer);
    this.task.show(fromBase64(answer.digit.pixels));
    const digit = readOf(answer.digit);
    for (const rated of answer.entries) this.#cards.find(({ name }) => name === rated.name)?.show(rated, digit);
    this.#arrange();
    this.root.dataset.updates = String(Number(this.root.dataset.updates) + 1);
  }

  /** @param {Refusal | null} refusal null where there was no answer */
  #refused(refusal) {
    if (refusal?.hint === 'gone') return ownNetworks.remove(refusal.token ?? '');
    if (refusal?.hint === 'no_ink') return this.#empty();
    this.task.refused(refusal);
  }

  // The cards of all that there are, each with its picture as far as there is one.
  #list() {
    const own = ownNetworks.all.filter(({ reads }) => !reads).map(({ token, name }) => ({ name: token, title: name }));
    const titled = (/** @type {string} */ name) => text[`rival.${name}`] ?? text[`model.${name}`] ?? name;
    const shipped = this.props.rivals.map((name) => ({ name, title: titled(name) }));
    this.#cards = [...shipped, ...own].map(({ name, title }) => new Card(name, title));
    this.#arrange();
  }

  // Who can be told the noise stands there twice, as on the command line.
  #measured() {
    return this.#cards.flatMap(({ name, title }) => {
      const own = ownNetworks.find(name);
      const key = own ? `${name} ${own.renewed ?? 0}` : name;
      const blind = { key, name, title, told: false };
      const told = { key: `${key}, told`, name, title: withDetails(text.measure_told, { name: title }), told: true };
      return own?.told || this.props.measure.told.includes(name) ? [blind, told] : [blind];
    });
  }

  #arrange() {
    const by = this.order.value;
    const winner = best(this.#cards, by);
    for (const card of this.#cards) card.markBest(card === winner);
    const items = sorted(this.#cards, by).map(({ item }) => item);
    const list = this.$('.rivals');
    if (items.some((item, place) => item !== list.children[place])) list.replaceChildren(...items);
  }

  listen() {
    this.task.listen();
    this.order.addEventListener('input', () => this.#arrange());
    ownNetworks.onChange(() => { this.#list(); this.update(); });
  }
}

/**
 * @param {HTMLElement} element
 * @param {CompareProps} props
 * @param {CompareServer} server
 */
export function start(element, props, server) {
  addWords(props.texts);
  new Compare(finder(element)('.compare'), props, server).listen();
}
