// What is wrong, told where it is wrong.

import { finder } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/** @import { TrainRefusal } from '../types.d.ts' */

export class Faults {
  faults = 0;  // that stand there

  /**
   * @param {HTMLElement} root
   * @param {number} most bytes of an upload
   */
  constructor(root, most) {
    this.root = root;
    this.most = most;
    this.$ = finder(root);
    this.form = this.$('.form', HTMLFieldSetElement);
  }

  /**
   * @param {string} name of the place; of an unknown one it is told at the top
   * @param {string} words
   */
  fault(name, words) {
    const place = this.root.querySelector(`[data-fault="${name}"]`) ?? this.$('[data-fault="run"]');
    place.textContent = words;
    this.faults++;
    const control = controlIn(place.closest('.row, .field')) ?? controlIn(place.previousElementSibling);
    control?.setAttribute('aria-invalid', 'true');
    for (let at = place.closest('details'); at; at = at.parentElement?.closest('details') ?? null) at.open = true;
    if (this.faults === 1) control?.focus();
  }

  /**
   * What could not be done, and why.
   * @param {string} place
   * @param {string | undefined} name of the fault
   * @param {TrainRefusal} [answer] of the server
   */
  refuse(place, name, answer) {
    this.fault(place, this.wordsOf(name, answer));
  }

  /**
   * @param {string | undefined} name
   * @param {TrainRefusal} [answer]
   */
  wordsOf(name, answer) {
    const details = { error: answer?.error ?? '', left: answer?.left, highest: this.most / 2 ** 20 };
    return withDetails(text[`fault_${name}`] ?? (answer?.error ? text.fault_refused : text.fault_lost), details);
  }

  /**
   * What was wrong and no longer is.
   * @param {string} name
   */
  clearFault(name) { this.$(`[data-fault="${name}"]`).textContent = ''; }

  clearFaults() {
    this.faults = 0;
    for (const place of this.root.querySelectorAll('[data-fault]')) place.textContent = '';
    for (const control of this.form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  }
}

/**
 * @param {Element | null} place
 * @returns {HTMLElement | null | undefined}
 */
const controlIn = (place) => place?.querySelector('input, select');
