// When each step was made. What lies between two that are known is taken to be even.

/** @import { Pair } from '../types.d.ts' */

export class Timeline {
  /** @type {Pair[]} */ #known = [[0, 0]];  // step and seconds, both rising

  /**
   * Only ever later steps.
   * @param {number} step
   * @param {number} seconds
   */
  add(step, seconds) {
    if (step > this.#known[this.#known.length - 1][0]) this.#known.push([step, seconds]);
  }

  /**
   * Seconds; of a step beyond those that are known, as fast as the last ones.
   * @param {number} step
   */
  at(step) {
    const known = this.#known;
    const after = known.findIndex(([one]) => one >= step);
    if (after === 0 || known.length < 2) return 0;
    const second = after < 0 ? known.length - 1 : after;
    const [[s0, t0], [s1, t1]] = [known[second - 1], known[second]];
    return t0 + (t1 - t0) * (step - s0) / (s1 - s0);
  }
}
