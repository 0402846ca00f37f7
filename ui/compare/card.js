// One rival: its picture, what is read in it, its scores, and how long it took.

import { make } from '../shared/dom.js';
import { SIDE, blank, fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';

/** @import { Rated, Seen } from '../types.d.ts' */

export class Card {
  /** @type {Rated | null} */ rated = null;

  /**
   * @param {string} name by which the server knows it
   * @param {string} title by which the visitor does
   */
  constructor(name, title) {
    this.name = name;
    this.title = title;
    this.canvas = make('canvas', { width: SIDE, height: SIDE, role: 'img', ariaLabel: title });
    this.mark = make('span', { className: 'mark' });
    this.reads = make('small');
    this.psnr = make('small');
    this.ssim = make('small');
    blank(this.canvas);
    this.item = make('li', { className: 'waiting' });
    this.item.dataset.name = name;
    const head = make('span');
    head.append(make('b', { textContent: title }), ' ', this.mark);
    this.item.append(this.canvas, head, this.reads, this.psnr, this.ssim);
  }

  /**
   * @param {Rated} rated
   * @param {number} digit that is read without noise
   */
  show(rated, digit) {
    this.rated = rated;
    const { shown, ms } = rated;
    const read = readOf(shown);
    const psnr = shown.equal ? '∞ dB' : `${shown.psnr?.toFixed(1)} dB`;
    const ssim = `${shown.ssim?.toFixed(2)}`;
    paintGrey(this.canvas, fromBase64(shown.pixels));
    const reads = withDetails(read === digit ? text.read_rightly : text.read_wrongly, { digit: read });
    const took = withDetails(text.took, { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) });
    this.reads.replaceChildren(
      make('span', { textContent: reads, className: read === digit ? '' : 'wrong' }),
      this.name === 'nothing' ? '' : ` · ${took}`,
    );
    this.psnr.textContent = `PSNR ${psnr}`;
    this.ssim.textContent = `SSIM ${ssim}`;
    this.canvas.ariaLabel = withDetails(text.rival_label, { name: this.title, psnr, ssim, reads });
    this.item.classList.remove('waiting');
  }

  /** @param {boolean} is */
  markBest(is) {
    this.item.classList.toggle('best', is);
    this.mark.textContent = is ? text.best : '';
  }
}

/** @param {Seen} shown */
export const readOf = ({ readings }) => readings.indexOf(Math.max(...readings));
