// The answer, as it is seen: the noisy and the denoised picture, their scores, and what is read in them.

import { finder } from '../shared/dom.js';
import { blank, fromBase64, paintGrey } from '../shared/pixels.js';
import { text } from '../shared/words.js';
import { Bars, showScores } from './views.js';

/** @import { Denoised, Sight } from '../types.d.ts' */

const NAMES = /** @type {const} */ (['noisy', 'denoised']);

export class Pictures {
  /** @param {HTMLElement} root */
  constructor(root) {
    const $ = finder(root);
    /** @param {'noisy' | 'denoised'} name */
    const view = (name) => ({
      canvas: $(`.${name} .picture`, HTMLCanvasElement),
      scores: $(`.${name} .scores`),
      bars: new Bars($(name === 'noisy' ? '.before' : '.after')),
    });
    this.views = { noisy: view('noisy'), denoised: view('denoised') };
    this.inset = $('.inset', HTMLCanvasElement);
    this.save = $('.save', HTMLButtonElement);
  }

  // In words, for who cannot see it.
  get readings() {
    return NAMES.map((name) => `${text[name]}: ${this.views[name].bars.verdict}.`).join(' ');
  }

  /** @param {Denoised} answer */
  show(answer) {
    this.paint(answer);
    for (const name of NAMES) this.views[name].bars.show(answer[name].readings);
    this.save.disabled = false;
  }

  /**
   * All but what is read in them.
   * @param {Sight} sight
   */
  paint(sight) {
    if (sight.digit) paintGrey(this.inset, fromBase64(sight.digit));
    for (const name of NAMES) {
      const { canvas, scores } = this.views[name];
      paintGrey(canvas, fromBase64(sight[name].pixels));
      showScores(scores, sight[name]);
    }
  }

  clear() {
    for (const name of NAMES) {
      const { canvas, scores, bars } = this.views[name];
      blank(canvas);
      bars.show(null);
      showScores(scores, {});
    }
    blank(this.inset);
    this.save.disabled = true;
  }
}
