// Sixteen amounts of noise side by side, which follow the pen, and the one from which on the digit is no longer read.
// They are computed between two pictures of the pen, which waits for one of them at most.

import { finder, make } from '../shared/dom.js';
import { AREA, SIDE, contextOf, fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';

/** @import { State, Tile } from '../types.d.ts' */

const AMOUNTS = Array.from({ length: 16 }, (_, place) => Math.round(100 * place / 15));  // percent
const PAUSE = 4;  // ms between two looks whether the pen's picture is done

/**
 * @typedef {object} Surroundings
 * @property {() => State | null} state null where there is nothing to show
 * @property {() => boolean} busy whether the pen's own picture is on its way
 * @property {(state: State, amount: number) => Promise<Tile | null>} tile null where this browser does not compute it
 * @property {(percent: number) => void} choose called with the amount of a tile that was clicked
 */

export class Strip {
  #changes = 0;      // so many until now
  #running = false;
  /** @type {Tile[]} */ #tiles = [];

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = finder(root);
    this.surroundings = surroundings;
    this.place = $('.strip');
    this.mark = $('.flip');
    this.toggle = $('.show-strip', HTMLButtonElement);
    this.canvases = AMOUNTS.map((amount) => this.#canvas(amount));
    this.place.append(...this.canvases);
    this.toggle.addEventListener('click', () => { this.shown = !this.shown; });
  }

  /** @param {number} amount */
  #canvas(amount) {
    const canvas = make('canvas', { width: SIDE, height: 2 * SIDE + 1, title: `${amount} %` });
    canvas.addEventListener('click', () => this.surroundings.choose(amount));
    return canvas;
  }

  get shown() { return !this.place.hidden; }

  set shown(is) {
    this.place.hidden = !is;
    this.toggle.setAttribute('aria-pressed', String(is));
    if (is) this.change();
    else this.#markAt(null);
  }

  // Something changed that the tiles depend on.
  change() {
    this.#changes++;
    if (this.shown && !this.#running) this.#run();
  }

  async #run() {
    this.#running = true;
    try {
      for (let seen = -1; this.shown && seen !== this.#changes;) {
        seen = this.#changes;
        if (await this.#pass() && seen === this.#changes) await this.#findFlip(seen);
      }
    } finally {
      this.#running = false;
    }
  }

  // All tiles once, each of the newest state; whether they could be computed.
  async #pass() {
    for (const [place, amount] of AMOUNTS.entries()) {
      const tile = await this.#compute(amount);
      if (!tile) return this.#clear();
      this.#tiles[place] = tile;
      paint(this.canvases[place], tile);
      if (!this.shown) return false;
    }
    return true;
  }

  /** @param {number} amount in percent */
  async #compute(amount) {
    while (this.surroundings.busy()) await new Promise((done) => setTimeout(done, PAUSE));
    const state = document.hidden ? null : this.surroundings.state();
    return state && this.surroundings.tile(state, amount / 100).catch(() => null);
  }

  #clear() {
    this.canvases.forEach((canvas) => contextOf(canvas).clearRect(0, 0, SIDE, 2 * SIDE + 1));
    this.#markAt(null);
    return false;
  }

  // The lowest amount at which something else is read than without noise: between two tiles, by halving.
  /** @param {number} seen so many changes, after which it no longer matters */
  async #findFlip(seen) {
    const digit = this.#tiles[0].read;
    const place = this.#tiles.findIndex(({ read }) => read !== digit);
    if (place < 0) return this.#markAt(null, digit);
    let [read, unread] = [AMOUNTS[place - 1], AMOUNTS[place]];
    while (unread - read > 1) {
      const middle = Math.floor((read + unread) / 2);
      const tile = await this.#compute(middle);
      if (!tile || seen !== this.#changes) return;
      if (tile.read === digit) read = middle;
      else unread = middle;
    }
    this.#markAt(unread, digit);
  }

  /**
   * @param {number | null} percent
   * @param {number} [digit]
   */
  #markAt(percent, digit) {
    this.mark.hidden = percent === null;
    this.mark.style.setProperty('--at', String((percent ?? 0) / 100));
    const words = percent === null ? text.flip_never : text.flip;
    this.mark.title = withDetails(words, { digit, percent });
    this.place.setAttribute('aria-label', digit === undefined ? text.strip : `${text.strip}. ${this.mark.title}`);
  }
}

/**
 * The noisy picture above the denoised one.
 * @param {HTMLCanvasElement} canvas
 * @param {Tile} tile
 */
function paint(canvas, { noisy, denoised }) {
  const pixels = new Uint8Array(2 * AREA + SIDE);
  pixels.set(fromBase64(noisy));
  pixels.set(fromBase64(denoised), AREA + SIDE);
  paintGrey(canvas, pixels);
}
