// The Compare tab: one digit, one noise, and everybody who takes it out, side by side.

import { comparing } from '../shared/comparing.js';
import { finder } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { fromBase64, toBase64 } from '../shared/pixels.js';
import { Task } from '../shared/task.js';
import { Views } from '../shared/views.js';
import { addWords, fillWords, text, withDetails } from '../shared/words.js';
import { Card, readOf } from './card.js';
import { Measure } from './measure.js';
import { Neighbours } from './neighbours.js';
import { NoiseMap } from './noise_map.js';
import { best, sorted } from './order.js';
import { Speed } from './speed.js';
import { Sweep } from './sweep.js';

/** @import { CompareAnswer, CompareProps, CompareServer, Refusal } from '../types.d.ts' */
/** @typedef {{ pixels: Uint8Array, amount: number, kind: string, seed: number, names: string[] }} Contest */

const ORDERS = ['given', 'psnr', 'ssim', 'ms'];
const EVERY_AMOUNT = ['sweep', 'map', 'measure'];  // views that show more than the chosen one

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
    this.sweep = this.#newSweep();
    this.map = this.#newMap();
    this.neighbours = this.#newNeighbours();
    this.measure = this.#measuring();
    this.speed = this.#speeding();
    this.views = new Views(root, () => this.update());
    const missing = props.missing.map((name) => text[`rival.${name}`]).join(', ');
    $('.compare-missing').hidden = !missing;
    $('.compare-missing').textContent = withDetails(text.compare_missing, { names: missing });
  }

  #newSweep() {
    return new Sweep(this.root, {
      ask: (task) => this.server.sweep(task),
      task: () => this.#sweepTask(),
      rivals: () => [...this.#cards].sort((a, b) => Number(this.#isSlow(a.name)) - Number(this.#isSlow(b.name))),
      refused: (refusal) => this.#refused(refusal),
      truth: (digit) => this.task.show(digit),
      choose: (percent) => this.task.choose(percent),
    });
  }

  #newMap() {
    return new NoiseMap(this.root, {
      ask: (name) => this.server.noise_map_row({ name }),
      open: () => this.task.seen && this.views.open === 'map',
      networks: () => this.#networks,
      refused: (refusal) => this.#refused(refusal),
      kinds: this.props.kinds,
      amounts: this.props.map_amounts,
    });
  }

  #newNeighbours() {
    return new Neighbours(this.root, {
      ask: (task) => this.server.neighbours(task),
      task: () => this.#taskOf('neighbours'),
      networks: () => this.#networks,
      refused: (refusal) => this.#refused(refusal),
      lost: () => this.task.say('lost'),
      truth: (digit) => this.task.show(digit),
      ownSource: this.props.own_source,
    });
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
    const task = this.#taskOf('beside');
    const names = this.#cards.map(({ name }) => name).filter((name) => this.#isSlow(name) === slow);
    return task && names.length ? { ...task, names } : null;
  }

  #sweepTask() {
    const task = this.#taskOf('sweep');
    return task && { pixels: toBase64(task.pixels), kind: task.kind, seed: task.seed };
  }

  /**
   * The digit and its noise; null where there is none, or nobody looks at this view.
   * @param {string} view
   */
  #taskOf(view) {
    const { pixels, seen, noise } = this.task;
    return seen && this.views.open === view && pixels ? { pixels, ...noise } : null;
  }

  get #networks() {
    return this.#cards.filter(({ name }) => this.props.networks.includes(name) || !this.props.rivals.includes(name));
  }

  /** @param {string} name */
  #isSlow(name) { return this.props.slow.includes(name); }

  // Another tab may want to see a network in the map.
  #grant() {
    const token = comparing.take();
    if (token === null) return;
    this.map.mark(token);
    this.views.show('map');
  }

  // Something changed that the pictures depend on.
  update(amountAlone = false) {
    const { open } = this.views;
    if (!this.task.seen || (amountAlone && EVERY_AMOUNT.includes(open))) return;
    if (open === 'map') return this.map.change();
    if (open === 'measure') return this.measure.change();
    if (!this.task.pixels) return this.#empty();
    if (open === 'sweep') this.sweep.change();
    else if (open === 'neighbours') this.neighbours.change();
    else for (const link of this.links) link.touch();
  }

  #empty() {
    for (const link of this.links) link.forget();
    this.neighbours.forget();
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
    comparing.onWish(() => this.#grant());
    this.#grant();
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
