// Where the network looks: the noisy pixels that move the denoised pixel under the pointer.

import { finder } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { SIDE, contextOf, fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { signed } from './maps.js';

/** @import { LookedAt, Surroundings } from '../types.d.ts' */

const BRIGHTER = [255, 128, 40];
const DARKER = [58, 122, 255];
const DIMMED = 0.45;  // how bright the noisy picture is under the colours

export class Looks {
  #row = 14;
  #column = 14;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    const { root, server, task, network, open, refused } = this.surroundings = surroundings;
    const $ = this.$ = finder(root);
    this.output = $('.looks-output', HTMLCanvasElement);
    this.input = $('.looks-input', HTMLCanvasElement);
    this.link = new Link({
      state: () => (open() && task.wish
        ? { ...task.wish, model: network(), row: this.#row, column: this.#column } : null),
      ask: (wish) => server.look_at_pixel(wish),
      show: (answer) => ('gradient' in answer ? this.#show(answer) : refused(answer)),
      lost: () => task.say('lost'),
    });
    for (const kind of /** @type {const} */ (['pointermove', 'pointerdown'])) {
      this.output.addEventListener(kind, (event) => this.#point(event));
    }
    this.output.addEventListener('keydown', (event) => this.#key(event));
  }

  change() {
    const { task } = this.surroundings;
    this.#mark();
    if (task.pixels) return this.link.touch();
    this.link.forget();
    task.empty();
  }

  /** @param {PointerEvent} event */
  #point({ offsetX, offsetY }) {
    const { clientWidth, clientHeight } = this.output;
    this.#move(Math.floor(SIDE * offsetY / clientHeight), Math.floor(SIDE * offsetX / clientWidth));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.#move(this.#row + move[0], this.#column + move[1]);
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #move(row, column) {
    const within = (/** @type {number} */ place) => Math.max(0, Math.min(SIDE - 1, place));
    if (within(row) === this.#row && within(column) === this.#column) return;
    [this.#row, this.#column] = [within(row), within(column)];
    this.change();
  }

  #mark() {
    for (const mark of this.surroundings.root.querySelectorAll('.looks-mark')) {
      if (!(mark instanceof HTMLElement)) continue;
      const side = mark.parentElement?.clientWidth ?? 0;  // the canvas is a square, and the caption below is not of it
      mark.style.left = `${side * this.#column / SIDE}px`;
      mark.style.top = `${side * this.#row / SIDE}px`;
    }
  }

  /** @param {LookedAt} answer */
  #show({ digit, noisy, denoised, gradient, pixels_with_most: pixels, field: [top, left, bottom, right] }) {
    const { root, task } = this.surroundings;
    task.show(fromBase64(digit.pixels));
    paintGrey(this.output, fromBase64(denoised.pixels));
    this.#paint(fromBase64(noisy.pixels), signed(gradient));
    const line = withDetails(text.looks_line, {
      row: this.#row + 1, column: this.#column + 1, pixels, height: bottom - top + 1, width: right - left + 1,
    });
    this.$('.looks-line').textContent = line;
    this.input.ariaLabel = `${text.looks_input}. ${line}`;
    root.dataset.updates = String(Number(root.dataset.updates ?? 0) + 1);
  }

  // The noisy picture, dim, and in colour what moves the pixel.
  /**
   * @param {Uint8Array} noisy
   * @param {Int8Array} gradient
   */
  #paint(noisy, gradient) {
    const image = new ImageData(SIDE, SIDE);
    for (const [at, grey] of noisy.entries()) {
      const share = Math.sqrt(Math.abs(gradient[at]) / 127);  // small ones are to be seen, too
      const colour = gradient[at] < 0 ? DARKER : BRIGHTER;
      for (const [part, value] of colour.entries()) {
        image.data[4 * at + part] = DIMMED * grey * (1 - share) + share * value;
      }
      image.data[4 * at + 3] = 255;
    }
    contextOf(this.input).putImageData(image, 0, 0);
  }
}
