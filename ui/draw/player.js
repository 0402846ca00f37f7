// A new noise with every picture while it plays: what is stable in the answer, and what is luck.

const AHEAD = 64;  // seeds whose noise is fetched at a time

/** @import { NoiseFields } from './noise.js' */

/**
 * @typedef {object} Surroundings
 * @property {NoiseFields} noise
 * @property {() => string | null} distribution of the noise that is drawn here; null where there is none
 * @property {() => boolean} ready whether the last picture is painted, and another one may be computed here
 * @property {() => number} seed
 * @property {(seed: number) => void} use
 * @property {number} largest seed
 */

export class Player {
  #playing = false;
  #fetching = false;

  /**
   * @param {HTMLButtonElement} button
   * @param {Surroundings} surroundings
   */
  constructor(button, surroundings) {
    this.button = button;
    this.surroundings = surroundings;
    button.addEventListener('click', () => { this.playing = !this.#playing; });
  }

  get playing() { return this.#playing; }

  set playing(is) {
    if (is === this.#playing) return;
    this.#playing = is;
    this.button.setAttribute('aria-pressed', String(is));
    if (is) requestAnimationFrame(() => this.#frame());
  }

  // No frame comes while the tab is hidden.
  #frame() {
    if (!this.#playing) return;
    if (this.surroundings.ready()) this.#next();
    requestAnimationFrame(() => this.#frame());
  }

  #next() {
    const { noise, distribution, seed, use, largest } = this.surroundings;
    const kind = distribution();
    if (!kind) { this.playing = false; return; }
    const next = seed() < largest ? seed() + 1 : 0;
    if (noise.get(kind, next)) use(next);
    else this.#fetch(kind, next);
  }

  /**
   * Without a network it begins anew with those that are there.
   * @param {string} distribution
   * @param {number} seed
   */
  #fetch(distribution, seed) {
    if (this.#fetching) return;
    this.#fetching = true;
    const { noise, use } = this.surroundings;
    noise.fetch(distribution, seed, AHEAD).catch(() => {
      let first = seed - 1;
      while (noise.get(distribution, first - 1)) first--;
      if (first === seed - 1) this.playing = false;
      else use(first);
    }).finally(() => { this.#fetching = false; });
  }
}
