// After the run: the way from the first to the last step, by hand or played.

import { finder } from '../shared/dom.js';
import { text } from '../shared/words.js';
import { stepName } from './numbers.js';

const SECONDS_OF_PLAY = 6;

/** @import { Frames } from '../types.d.ts' */

export class Timelapse {
  /** @type {Frames | null} */ #frames = null;
  /** @type {Promise<Frames | null> | null} */ #loading = null;
  /** @type {ReturnType<typeof setInterval> | null} */ #timer = null;

  /**
   * @param {HTMLElement} root
   * @param {{ load: () => Promise<Frames | null>, show: (pixels: Uint8Array, step: number) => void }} ends
   */
  constructor(root, { load, show }) {
    this.root = root;
    this.load = load;
    this.show = show;
    const $ = finder(root);
    this.slider = $('input', HTMLInputElement);
    this.button = $('button', HTMLButtonElement);
    this.slider.addEventListener('input', () => { this.#stop(); this.#go(this.slider.valueAsNumber); });
    this.button.addEventListener('click', () => (this.#timer ? this.#stop() : this.#play()));
    this.close();
  }

  // While a run goes on there is nothing to look back at; its newest step is told here all the same.
  close(/** @type {number | null} */ step = null) {
    this.#stop();
    this.#frames = this.#loading = null;
    Object.assign(this.slider, { disabled: true, max: 1, value: 1 });
    this.button.disabled = true;
    this.#say(step);
  }

  /**
   * @param {number} count of frames
   * @param {number | null} step the last one
   */
  open(count, step) {
    if (count < 2) return this.close(step);
    Object.assign(this.slider, { disabled: false, max: count - 1, value: count - 1 });
    this.button.disabled = false;
    this.#say(step);
  }

  async #loaded() {
    this.#loading ??= this.load();
    const loading = this.#loading;
    const frames = await loading;
    if (loading !== this.#loading) return null;
    if (!frames) this.#loading = null;  // the next touch asks again
    this.#frames = frames;
    if (frames) this.slider.max = String(frames.steps.length - 1);
    return frames;
  }

  /** @param {number} at */
  async #go(at) {
    const frames = this.#frames ?? await this.#loaded();
    if (!frames || this.slider.disabled) return;
    const i = Math.min(at, frames.steps.length - 1);
    this.slider.value = String(i);
    this.show(frames.samples[i], frames.steps[i]);
    this.#say(frames.steps[i]);
  }

  async #play() {
    const frames = this.#frames ?? await this.#loaded();
    if (!frames || this.slider.disabled) return;
    if (this.slider.valueAsNumber >= frames.steps.length - 1) this.slider.value = '0';
    const pause = Math.min(400, Math.max(33, 1000 * SECONDS_OF_PLAY / frames.steps.length));
    this.#look('playing', text.pause);
    this.#timer = setInterval(() => {
      this.#go(this.slider.valueAsNumber + 1);
      if (this.slider.valueAsNumber >= frames.steps.length - 1) this.#stop();
    }, pause);
    this.#go(this.slider.valueAsNumber);
  }

  #stop() {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#look('still', text.play);
  }

  /**
   * @param {'playing' | 'still'} state
   * @param {string} words
   */
  #look(state, words) {
    this.root.dataset.lapse = state;
    this.button.setAttribute('aria-label', words);
    this.button.title = words;
  }

  /** @param {number | null} step */
  #say(step) {
    this.slider.setAttribute('aria-valuetext', step === null ? '–' : stepName(step));
  }
}
