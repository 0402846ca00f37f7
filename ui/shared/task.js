// A digit and its noise, as the tabs that look closer at it ask for them: the visitor's own digit, or one of the data.

import { drawing } from './drawing.js';
import { finder } from './dom.js';
import { blank, fromBase64, paintGrey, toBase64 } from './pixels.js';
import { followSideways } from './sliders.js';
import { text } from './words.js';

/** @import { ExampleDigit, Refusal, TaskProps } from '../types.d.ts' */
/** @typedef {'empty' | 'lost' | 'busy' | 'refused'} TaskHint */

const MOST_SEED = 10_000;

export class Task {
  /** @type {Uint8Array | null} */ #test = null;  // a digit out of the data; null for the visitor's own

  /**
   * @param {HTMLElement} root
   * @param {TaskProps} props
   * @param {object} ends
   * @param {(wish: { label: number | null }) => Promise<Refusal | ExampleDigit>} ends.example
   * @param {(amountAlone: boolean) => void} ends.changed
   */
  constructor(root, { kinds, start }, { example, changed }) {
    this.root = root;
    this.example = example;
    this.changed = changed;
    const $ = this.$ = finder(root);
    this.seed = start.seed;
    this.slider = $('.task-amount', HTMLInputElement);
    this.kinds = $('.task-kind', HTMLSelectElement);
    this.truth = $('.truth', HTMLCanvasElement);
    this.slider.value = String(100 * start.amount);
    for (const name of kinds) this.kinds.add(new Option(text[`kind.${name}`], name));
    this.say(null);
    this.describe();
  }

  get amount() { return this.slider.valueAsNumber / 100; }

  get kind() { return this.kinds.value; }

  // As it is sent; null where nothing is drawn.
  get pixels() { return this.#test ?? drawing.board?.pixels() ?? null; }

  get noise() { return { amount: this.amount, kind: this.kind, seed: this.seed }; }

  // All that a server needs to make the noisy picture; null without a digit.
  get wish() {
    const { pixels } = this;
    return pixels && { pixels: toBase64(pixels), ...this.noise };
  }

  get seen() { return this.root.offsetParent !== null; }

  /** @param {Uint8Array} digit 28×28, without noise */
  show(digit) {
    paintGrey(this.truth, digit);
    this.say(null);
  }

  empty() {
    blank(this.truth);
    this.say('empty');
  }

  /** @param {TaskHint | null} hint */
  say(hint) {
    this.root.dataset.hint = hint ?? '';
    const words = hint ? text[`hint_task_${hint}`] : '';
    if (this.$('.task-news').textContent !== words) this.$('.task-news').textContent = words;
  }

  /**
   * What a refusal means for the digit; null where there was no answer.
   * @param {Refusal | null} refusal
   */
  refused(refusal) {
    if (refusal?.hint === 'no_ink') return this.empty();
    if (!refusal) return this.say('lost');
    this.say(refusal.hint === 'busy' ? 'busy' : 'refused');
  }

  /** @param {number} percent */
  choose(percent) {
    this.slider.value = String(percent);
    this.describe();
  }

  describe() {
    const percent = `${this.slider.value} %`;
    this.$('output').textContent = percent;
    this.slider.setAttribute('aria-valuetext', percent);
    this.$('.task-yours').ariaPressed = String(!this.#test);
    this.$('.task-test').ariaPressed = String(Boolean(this.#test));
  }

  async #fetch() {
    const answer = await this.example({ label: null }).catch(() => null);
    if (!answer || !('drawing' in answer)) return this.refused(answer);
    this.#test = fromBase64(answer.drawing);
    this.#change();
  }

  #change(amountAlone = false) {
    this.describe();
    this.changed(amountAlone);
  }

  listen() {
    const { $ } = this;
    followSideways(this.root);
    this.kinds.addEventListener('input', () => this.#change());
    this.slider.addEventListener('input', () => this.#change(true));
    $('.task-yours').addEventListener('click', () => { this.#test = null; this.#change(); });
    $('.task-test').addEventListener('click', () => this.#fetch());
    $('.task-noise').addEventListener('click', () => {
      this.seed = Math.floor(MOST_SEED * Math.random());
      this.#change();
    });
    drawing.onArrival(() => this.#change());
    // The tab is opened when it is seen: until then it has no size.
    new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting) this.#change(); }).observe(this.root);
  }
}
