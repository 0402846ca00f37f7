// What is said of the pictures: their scores, and the reader's bars.

import { make } from '../shared/dom.js';
import { paintGrey } from '../shared/pixels.js';
import { text } from '../shared/words.js';

/** @import { Scores } from '../types.d.ts' */

// Ten slim bars; the tallest carries the accent.
export class Bars {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    root.setAttribute('role', 'img');
    this.words = make('p');
    const list = make('ol');
    this.bars = Array.from({ length: 10 }, (_, digit) => {
      const item = make('li');
      item.append(make('i'), String(digit));
      return item;
    });
    list.append(...this.bars);
    root.replaceChildren(this.words, list);
    this.verdict = '';
    this.show(null);
  }

  /** @param {number[] | null} readings the probability of each digit */
  show(readings) {
    const best = readings ? readings.indexOf(Math.max(...readings)) : -1;
    this.bars.forEach((bar, digit) => {
      bar.style.setProperty('--share', String(readings ? readings[digit] : 0));
      bar.classList.toggle('best', digit === best);
    });
    this.verdict = readings ? `${text.reads} ${best} · ${Math.round(100 * readings[best])} %` : '';
    this.words.textContent = this.verdict;
    this.root.setAttribute('aria-label', readings ? `${this.verdict}. ${listed(readings)}` : text.reader_about);
  }
}

/** @param {number[]} readings */
const listed = (readings) => readings.map((share, digit) => `${digit}: ${Math.round(100 * share)} %`).join(', ');

// A tile of grey noise for the slider's rail.
export function noiseTile(width = 280, height = 4) {
  const pixels = Uint8Array.from({ length: width * height }, () => 40 + 180 * Math.random());
  return `url(${paintGrey(make('canvas', { width, height }), pixels).toDataURL()})`;
}

/**
 * @param {HTMLElement} place
 * @param {Partial<Scores>} scores
 */
export function showScores(place, { psnr, ssim, equal }) {
  place.replaceChildren();
  if (ssim === null || ssim === undefined) return;
  place.append(
    score('PSNR', text.psnr_about, `${equal ? '∞' : psnr?.toFixed(1)} dB`),
    score('SSIM', text.ssim_about, ssim.toFixed(2)),
  );
}

/**
 * @param {string} name
 * @param {string} about
 * @param {string} value
 */
function score(name, about, value) {
  const item = make('span');
  item.append(make('abbr', { textContent: name, title: about }), ` ${value}`);
  return item;
}
