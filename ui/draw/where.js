// Where the picture was computed and how long that took; a choice, as quiet as a line of text.

import { finder } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/** @import { Denoised } from '../types.d.ts' */
/** @import { Computing } from './computing.js' */
/** @typedef {import('./computing.js').Choice} Choice */

const CHOICES = /** @type {const} */ (['auto', 'here', 'server']);

export class Where {
  /** @type {Denoised | null} */ #shown = null;

  /**
   * @param {HTMLElement} root
   * @param {Computing} computing
   * @param {() => void} changed called after the visitor chose
   */
  constructor(root, computing, changed) {
    const $ = finder(root);
    this.computing = computing;
    this.place = $('.where');
    this.time = $('.where .time');
    this.about = $('#board-where');
    this.select = $('.where select', HTMLSelectElement);
    this.select.setAttribute('aria-label', text.where);
    for (const choice of CHOICES) this.select.add(new Option(text[`where_${choice}`], choice));
    this.select.addEventListener('input', () => { this.choose(this.select.value); changed(); });
  }

  /** @param {string} wanted */
  choose(wanted) {
    const choice = CHOICES.find((one) => one === wanted) ?? 'auto';
    this.select.value = choice;
    this.computing.choose(choice);
  }

  /** @param {Denoised | null} answer */
  show(answer) {
    this.#shown = answer;
    this.place.hidden = !answer;
    this.describe();
  }

  describe() {
    const answer = this.#shown;
    if (!answer) return;
    const device = answer.device.replace(/:.*/, '').toUpperCase();
    const details = { device, ms: Math.max(1, Math.round(answer.took ?? 0)) };
    const side = answer.took === undefined ? 'before' : answer.where;
    const words = withDetails(text[`computed_${side}`], details);
    if (this.time.textContent !== words) this.time.textContent = words;
    this.time.dataset.short = withDetails(text[`computed_${side}_short`], details);
    const reason = answer.where === 'here' ? null : answer.why ?? this.computing.reasonNow;
    const about = reason ? text[`where_${reason}`] : text.where_about;
    this.place.title = this.about.textContent = about;
  }
}
