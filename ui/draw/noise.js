// The noise of each seed, as the server draws it: fetched once, then kept.

import { AREA } from '../shared/pixels.js';

const MOST = 256;  // fields; 3 kB each

export class NoiseFields {
  /** @type {Map<string, Float32Array>} */ #fields = new Map();
  /** @type {Map<string, Promise<void>>} */ #coming = new Map();

  /**
   * The field of a seed, if it is there.
   * @param {string} distribution
   * @param {number} seed
   */
  get(distribution, seed) {
    return this.#fields.get(`${distribution} ${seed}`);
  }

  /**
   * Those of so many seeds from this one on. Rejects where the server does not answer.
   * @param {string} distribution
   * @param {number} seed
   */
  fetch(distribution, seed, count = 1) {
    const key = `${distribution} ${seed} ${count}`;
    const known = this.#coming.get(key);
    if (known) return known;
    const coming = this.#fetch(distribution, seed, count).finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    return coming;
  }

  /**
   * @param {string} distribution
   * @param {number} seed
   * @param {number} count
   */
  async #fetch(distribution, seed, count) {
    const query = new URLSearchParams({ distribution, seed: String(seed), count: String(count) });
    const answer = await fetch(new URL(`worker/noise?${query}`, document.baseURI));
    if (!answer.ok) throw new Error(`${answer.status}`);
    const fields = new Float32Array(await answer.arrayBuffer());
    for (let place = 0; place < count; place++) {
      this.#fields.set(`${distribution} ${seed + place}`, fields.slice(AREA * place, AREA * (place + 1)));
    }
    for (const oldest of this.#fields.keys()) {
      if (this.#fields.size <= MOST) break;
      this.#fields.delete(oldest);
    }
  }
}
