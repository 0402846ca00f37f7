// What a classifier reads a digit as, in large, with its certainty. What is wrong is crossed out, too: colours are not
// all.

import { make } from '../shared/dom.js';
import { text } from '../shared/words.js';

export class Reading {
  /** @param {number | string | null} label null for the visitor's own digit, '' for one that is not known yet */
  constructor(label) {
    this.label = label;
    this.cell = make('span', { className: 'cell read' });
    this.digit = this.cell.appendChild(make('b'));
    this.share = this.cell.appendChild(make('small'));
    this.words = '';
    this.show(null);
  }

  /** @param {Uint8Array | null} shares ten probabilities in 255ths; null empties it */
  show(shares) {
    const best = shares ? shares.indexOf(Math.max(...shares)) : -1;
    const right = shares && typeof this.label === 'number' ? best === this.label : null;
    this.digit.textContent = shares ? String(best) : '';
    this.share.textContent = shares ? `${Math.round(100 * shares[best] / 255)} %` : '';
    this.cell.classList.toggle('wrong', right === false);
    this.cell.dataset.mark = right === null ? '' : right ? '✓' : '✗';
    this.words = shares ? `${this.label ?? text.yours}: ${best}, ${this.share.textContent}` : '';
    if (right === false) this.words += `, ${text.wrong}`;
  }
}
