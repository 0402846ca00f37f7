// The Compare tab: one digit, one noise, and everybody who takes it out, side by side.

import { finder } from '../shared/dom.js';
import { drawing } from '../shared/drawing.js';
import { Link } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { blank, fromBase64, paintGrey, toBase64 } from '../shared/pixels.js';
import { followSideways } from '../shared/sliders.js';
import { Views } from '../shared/views.js';
import { addWords, fillWords, text, withDetails } from '../shared/words.js';
import { Card, readOf } from './card.js';
import { NoiseMap } from './noise_map.js';
import { best, sorted } from './order.js';
import { Sweep } from './sweep.js';

/** @import { CompareAnswer, CompareProps, CompareServer, Refusal } from '../types.d.ts' */
/** @typedef {{ pixels: Uint8Array, amount: number, kind: string, seed: number, names: string[] }} Task */

const ORDERS = ['given', 'psnr', 'ssim', 'ms'];
const MOST_SEED = 10_000;

class Compare {
  /** @type {Card[]} in the given order */ #cards = [];
  /** @type {Uint8Array | null} */ #test = null;  // a digit out of the data; null for the visitor's own

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
    this.seed = props.start.seed;
    this.amount = $('.compare-amount', HTMLInputElement);
    this.kind = $('.compare-kind', HTMLSelectElement);
    this.order = $('.compare-order', HTMLSelectElement);
    this.truth = $('.truth', HTMLCanvasElement);
    this.amount.value = String(100 * props.start.amount);
    for (const name of props.kinds) this.kind.add(new Option(text[`kind.${name}`], name));
    for (const name of ORDERS) this.order.add(new Option(text[`sort_${name}`], name));
    this.#say(null);
    this.#list();
    this.#describe();
    this.links = [false, true].map((slow) => this.#line(slow));
    this.sweep = new Sweep(root, {
      ask: (task) => server.sweep(task),
      task: () => this.#sweepTask(),
      rivals: () => [...this.#cards].sort((a, b) => Number(this.#isSlow(a.name)) - Number(this.#isSlow(b.name))),
      refused: (refusal) => (refusal ? this.#refused(refusal) : this.#say('lost')),
      truth: (digit) => { paintGrey(this.truth, digit); this.#say(null); },
      choose: (percent) => { this.amount.value = String(percent); this.#describe(); },
    });
    this.map = new NoiseMap(root, {
      ask: (name) => server.noise_map_row({ name }),
      open: () => this.seen && this.views.open === 'map',
      networks: () => this.#cards.filter(({ name }) => props.networks.includes(name) || !props.rivals.includes(name)),
      refused: (refusal) => (refusal ? this.#refused(refusal) : this.#say('lost')),
      kinds: props.kinds,
      amounts: props.map_amounts,
    });
    this.views = new Views(root, () => this.update());
    const missing = props.missing.map((name) => text[`rival.${name}`]).join(', ');
    $('.compare-missing').hidden = !missing;
    $('.compare-missing').textContent = withDetails(text.compare_missing, { names: missing });
  }

  // Who is quick is asked together, and does not wait for who is slow.
  /** @param {boolean} slow */
  #line(slow) {
    return new Link({
      state: () => this.#task(slow),
      ask: ({ pixels, ...task }) => this.server.contend({ pixels: toBase64(pixels), ...task }),
      show: (answer) => { if (!slow || answer.hint !== 'busy') this.#take(answer); },  // its card waits anyway
      lost: () => this.#say('lost'),
    });
  }

  /**
   * @param {boolean} slow
   * @returns {Task | null}
   */
  #task(slow) {
    const { pixels } = this;
    const names = this.#cards.map(({ name }) => name).filter((name) => this.#isSlow(name) === slow);
    if (!this.seen || this.views.open !== 'beside' || !pixels || !names.length) return null;
    return { pixels, amount: this.amount.valueAsNumber / 100, kind: this.kind.value, seed: this.seed, names };
  }

  #sweepTask() {
    const { pixels } = this;
    if (!this.seen || this.views.open !== 'sweep' || !pixels) return null;
    return { pixels: toBase64(pixels), kind: this.kind.value, seed: this.seed };
  }

  /** @param {string} name */
  #isSlow(name) { return this.props.slow.includes(name); }

  get pixels() { return this.#test ?? drawing.board?.pixels() ?? null; }

  get seen() { return this.root.offsetParent !== null; }

  // Something changed that the pictures depend on.
  update() {
    if (!this.seen) return;
    this.#describe();
    if (this.views.open === 'map') return this.map.change();
    if (!this.pixels) return this.#empty();
    if (this.views.open === 'sweep') this.sweep.change();
    else for (const link of this.links) link.touch();
  }

  #empty() {
    for (const link of this.links) link.forget();
    this.#list();
    blank(this.truth);
    this.#say('empty');
  }

  /** @param {CompareAnswer | Refusal} answer */
  #take(answer) {
    if (!('entries' in answer)) return this.#refused(answer);
    paintGrey(this.truth, fromBase64(answer.digit.pixels));
    const digit = readOf(answer.digit);
    for (const rated of answer.entries) this.#cards.find(({ name }) => name === rated.name)?.show(rated, digit);
    this.#arrange();
    this.#say(null);
    this.root.dataset.updates = String(Number(this.root.dataset.updates) + 1);
  }

  /** @param {Refusal} refusal */
  #refused({ hint, token }) {
    if (hint === 'gone') return ownNetworks.remove(token ?? '');
    if (hint === 'no_ink') return this.#empty();
    this.#say(hint === 'busy' ? 'busy' : 'refused');
  }

  // The cards of all that there are, each with its picture as far as there is one.
  #list() {
    const own = ownNetworks.all.filter(({ reads }) => !reads).map(({ token, name }) => ({ name: token, title: name }));
    const titled = (/** @type {string} */ name) => text[`rival.${name}`] ?? text[`model.${name}`] ?? name;
    const shipped = this.props.rivals.map((name) => ({ name, title: titled(name) }));
    this.#cards = [...shipped, ...own].map(({ name, title }) => new Card(name, title));
    this.#arrange();
  }

  #arrange() {
    const by = this.order.value;
    const winner = best(this.#cards, by);
    for (const card of this.#cards) card.markBest(card === winner);
    const items = sorted(this.#cards, by).map(({ item }) => item);
    const list = this.$('.rivals');
    if (items.some((item, place) => item !== list.children[place])) list.replaceChildren(...items);
  }

  #describe() {
    const percent = `${this.amount.value} %`;
    this.$('output').textContent = percent;
    this.amount.setAttribute('aria-valuetext', percent);
    this.$('.compare-yours').ariaPressed = String(!this.#test);
    this.$('.compare-test').ariaPressed = String(Boolean(this.#test));
  }

  /** @param {'empty' | 'lost' | 'busy' | 'refused' | null} hint */
  #say(hint) {
    this.root.dataset.hint = hint ?? '';
    const words = hint ? text[`hint_compare_${hint}`] : '';
    if (this.$('.compare-news').textContent !== words) this.$('.compare-news').textContent = words;
  }

  async #fetch() {
    const answer = await this.server.example({ label: null }).catch(() => null);
    if (!answer || !('drawing' in answer)) return this.#say(answer ? 'busy' : 'lost');
    this.#test = fromBase64(answer.drawing);
    this.update();
  }

  listen() {
    followSideways(this.root);
    const { $ } = this;
    this.kind.addEventListener('input', () => this.update());
    this.amount.addEventListener('input', () => {
      this.#describe();
      if (this.views.open === 'beside') this.update();  // a sweep has every amount already
    });
    this.order.addEventListener('input', () => this.#arrange());
    $('.compare-yours').addEventListener('click', () => { this.#test = null; this.update(); });
    $('.compare-test').addEventListener('click', () => this.#fetch());
    $('.compare-noise').addEventListener('click', () => {
      this.seed = Math.floor(MOST_SEED * Math.random());
      this.update();
    });
    ownNetworks.onChange(() => { this.#list(); this.update(); });
    drawing.onArrival(() => this.update());
    // The tab is opened when it is seen: until then it has no size.
    new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) this.update(); }).observe(this.root);
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
