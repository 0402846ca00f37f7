// The digit at every amount of noise: what one of them makes of it as a film strip, and the PSNR of all as curves.

import { finder, make } from '../shared/dom.js';
import { AREA, SIDE, fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { Curves, lostAt } from './curves.js';

/** @import { Refusal, Swept, SweepTask } from '../types.d.ts' */

const COUNT = 16;
const NOTHING = 'nothing';
const AGAIN = 700;  // ms until who was busy is asked again

/**
 * @typedef {object} Surroundings
 * @property {(task: SweepTask) => Promise<Refusal | Swept>} ask
 * @property {() => Omit<SweepTask, 'name'> | null} task null where there is nothing to show, or nobody looks
 * @property {() => { name: string, title: string }[]} rivals the slow ones last
 * @property {(refusal: Refusal | null) => void} refused null where there was no answer
 * @property {(digit: Uint8Array) => void} truth called with the digit, 28×28
 * @property {(percent: number) => void} choose an amount
 */

export class Sweep {
  /** @type {Map<string, Swept>} */ #swept = new Map();
  #chosen = 'residual_unet';
  #changes = 0;
  #running = false;

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = finder(root);
    this.surroundings = surroundings;
    this.curves = new Curves(root, { amount: text.amount, psnr: 'PSNR, dB' });
    this.list = $('.curves ol');
    this.strip = $('.film');
    this.canvases = Array.from({ length: COUNT }, (_, place) => this.#tile(Math.round(100 * place / (COUNT - 1))));
    this.strip.append(...this.canvases);
  }

  /** @param {number} percent */
  #tile(percent) {
    const canvas = make('canvas', { width: SIDE, height: 2 * SIDE + 1, title: `${percent} %` });
    canvas.addEventListener('click', () => this.surroundings.choose(percent));
    return canvas;
  }

  // Something changed that all of it depends on.
  async change() {
    this.#changes++;
    if (this.#running) return;
    this.#running = true;
    try {
      for (let seen = -1; seen !== this.#changes;) {
        seen = this.#changes;
        await this.#pass(seen);
      }
    } finally {
      this.#running = false;
    }
  }

  /** @param {number} seen so many changes, after which it no longer matters */
  async #pass(seen) {
    const task = this.surroundings.task();
    this.#swept.clear();
    this.#show();
    if (!task) return;
    const names = this.surroundings.rivals().map(({ name }) => name);
    for (const name of new Set([NOTHING, ...names.filter((each) => each === this.#chosen), ...names])) {
      const answer = await this.#answer({ ...task, name }, seen);
      if (seen !== this.#changes) return;
      if (answer) this.#swept.set(name, answer);
      // Without any noise it is the digit itself.
      if (answer && name === NOTHING) this.surroundings.truth(fromBase64(answer.pictures).subarray(0, AREA));
      this.#show();
    }
  }

  /**
   * @param {SweepTask} task
   * @param {number} seen
   * @returns {Promise<Swept | null>}
   */
  async #answer(task, seen) {
    while (seen === this.#changes) {
      const answer = await this.surroundings.ask(task).catch(() => null);
      if (answer && 'pictures' in answer) return answer;
      this.surroundings.refused(answer);
      if (answer && answer.hint !== 'busy') return null;
      await new Promise((done) => setTimeout(done, AGAIN));
    }
    return null;
  }

  #show() {
    const rivals = this.surroundings.rivals();
    this.curves.clear();
    for (const [name, swept] of this.#swept) this.curves.show(name, swept);
    this.curves.choose(this.#chosen);
    this.list.replaceChildren(...rivals.map((rival) => this.#entry(rival)));
    const there = rivals.filter(({ name }) => this.#swept.has(name));
    const words = there.map(({ name, title }) => `${title}: ${this.#words(name)}`);
    this.curves.svg.setAttribute('aria-label', [text.sweep_curves, ...words].join('. '));
    this.#paint();
    this.strip.dataset.swept = String(this.#swept.size);
  }

  /** @param {{ name: string, title: string }} rival */
  #entry({ name, title }) {
    const button = make('button', { type: 'button', ariaPressed: String(name === this.#chosen) });
    button.append(make('b', { textContent: title }), make('small', { textContent: this.#words(name) }));
    button.addEventListener('click', () => { this.#chosen = name; this.#show(); });
    const item = make('li');
    item.append(button);
    return item;
  }

  /** @param {string} name */
  #words(name) {
    const swept = this.#swept.get(name);
    if (!swept) return '…';
    const lost = lostAt(swept);
    return lost === null ? text.sweep_never : withDetails(text.sweep_lost, { percent: Math.round(100 * lost) });
  }

  // Noisy above, and below what the chosen one makes of it.
  #paint() {
    const [noisy, chosen] = [NOTHING, this.#chosen].map((name) => {
      const swept = this.#swept.get(name);
      return swept ? fromBase64(swept.pictures) : new Uint8Array(COUNT * AREA);
    });
    for (const [place, canvas] of this.canvases.entries()) {
      const pixels = new Uint8Array(2 * AREA + SIDE);
      pixels.set(noisy.subarray(place * AREA, (place + 1) * AREA));
      pixels.set(chosen.subarray(place * AREA, (place + 1) * AREA), AREA + SIDE);
      paintGrey(canvas, pixels);
    }
  }
}
