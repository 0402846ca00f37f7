// Two answers to the same question, and how long each side takes for one.

import { fromBase64 } from '../shared/pixels.js';

/** @import { Denoised } from '../types.d.ts' */

const REMEMBERED = 15;  // measurements
const ALIKE = { pixels: 1, read: 0.0011 };  // of 255; and of a reading, which the server rounds

/**
 * Whether two answers are the same but for rounding.
 * @param {Denoised} ours
 * @param {Denoised} theirs
 */
export function areAlike(ours, theirs) {
  return near(pixelsOf(ours), pixelsOf(theirs), ALIKE.pixels) && near(readingsOf(ours), readingsOf(theirs), ALIKE.read);
}

/**
 * @param {number[]} ours
 * @param {number[]} theirs
 * @param {number} most
 */
const near = (ours, theirs, most) => ours.every((value, place) => Math.abs(value - theirs[place]) <= most);

/** @param {Denoised} answer */
const pixelsOf = ({ digit, noisy, denoised }) => (
  [digit, noisy.pixels, denoised.pixels].flatMap((pixels) => [...fromBase64(pixels)]));

/** @param {Denoised} answer */
const readingsOf = ({ noisy, denoised }) => [...noisy.readings, ...denoised.readings];

// What the last pictures took, in ms.
export class Times {
  /** @type {number[]} */ #last = [];

  /** @param {number} ms */
  add(ms) {
    this.#last.push(ms);
    if (this.#last.length > REMEMBERED) this.#last.shift();
  }

  get median() {
    const sorted = [...this.#last].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Infinity;
  }
}
