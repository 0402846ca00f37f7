// The same digits all the time, each a column: noisy over denoised over clean, or of a classifier the digit over what
// it is read as. Where it is narrow, in two lines.

import { make } from '../shared/dom.js';
import { AREA, SIDE, contextOf, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { Reading } from './reading.js';

/** @typedef {number | string | null} Label null for the visitor's own digit, '' for one that is not known yet */
/** @typedef {'noisy' | 'denoised' | 'clean'} Row */

/** @type {Row[]} */
const ROWS = ['noisy', 'denoised', 'clean'];
const NARROW = 560;  // px; below this the columns stand in two lines
const LARGEST = 168; // px: side of one picture
const BESIDE = 448;  // px of height that all else needs beside the digits; on a small screen one scrolls

/** @returns {Record<Row, HTMLCanvasElement[]>} */
const noCells = () => ({ noisy: [], denoised: [], clean: [] });

export class Samples {
  /** @type {Label[]} */ labels = [];
  reads = false;
  #lines = 0;
  /** @type {Record<Row, HTMLCanvasElement[]> | null} */ #cells = null;  // null until there is room for them
  /** @type {Reading[]} */ #readings = [];
  /** @type {Record<Row, Uint8Array | null>} */ #pictures = { noisy: null, denoised: null, clean: null };
  /** @type {Uint8Array | null} */ #shares = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    new ResizeObserver(() => this.#fit()).observe(root);
    window.addEventListener('resize', () => this.#fit());
  }

  /**
   * Which digits will stand here. Where they are others, their places are empty at first.
   * @param {Label[]} labels
   * @param {boolean} reads
   */
  plan(labels, reads) {
    if (String(labels) === String(this.labels) && reads === this.reads && this.#cells) return;
    this.labels = labels;
    this.reads = reads;
    this.#lines = 0;
    this.clear();
    this.#fit();
  }

  clear() {
    for (const row of ROWS) this.show(row, null);
    this.showReadings(null);
  }

  /**
   * What the network makes of the digits: pictures, or of a classifier ten probabilities for each.
   * @param {Uint8Array} bytes
   */
  showResult(bytes) {
    if (this.reads) this.showReadings(bytes);
    else this.show('denoised', bytes);
  }

  /** @param {Uint8Array | null} shares */
  showReadings(shares) {
    this.#shares = shares;
    this.root.dataset.read = shares ? 'shown' : '';
    this.#readings.forEach((reading, i) => reading.show(shares?.subarray(10 * i, 10 * i + 10) ?? null));
    if (this.reads) this.#describe();
  }

  /**
   * @param {Row} row
   * @param {Uint8Array | null} pixels all pictures of it; null empties it
   */
  show(row, pixels) {
    this.#pictures[row] = pixels;
    if (!this.#cells) return;
    this.root.dataset[row] = pixels ? 'shown' : '';
    this.#cells[row].forEach((canvas, i) => {
      canvas.classList.toggle('empty', !pixels);
      if (pixels) paintGrey(canvas, pixels.subarray(AREA * i, AREA * (i + 1)));
      else contextOf(canvas).clearRect(0, 0, SIDE, SIDE);
    });
  }

  /**
   * The visitor's own digit, known before there is a run; the other places wait for theirs.
   * @param {{ clean: HTMLCanvasElement, noisy: HTMLCanvasElement }} own
   */
  sketch(own) {
    for (const row of /** @type {const} */ (['clean', 'noisy'])) {
      const canvas = this.#cells?.[row][0];
      if (!canvas) continue;
      canvas.classList.remove('empty');
      contextOf(canvas).drawImage(own[row], 0, 0);
    }
  }

  #fit() {
    const [width, count] = [this.root.clientWidth, this.labels.length];
    if (!width || !count) {
      this.#cells ??= noCells();
      return;
    }
    const lines = width < NARROW && count > 5 ? 2 : 1;
    if (lines !== this.#lines) this.#build(lines);
    const columns = Math.ceil(count / lines);
    const across = (width - 22 - 2 * (columns - 1)) / columns;
    const rows = this.reads ? 2 : 3;
    const down = matchMedia('(max-width: 1000px)').matches ? LARGEST : Math.max(56, (innerHeight - BESIDE) / rows);
    const room = Math.min(across, down);
    // A whole number of the screen's pixels for each of 28, where that costs little.
    const whole = Math.floor(room * devicePixelRatio / 28) * 28 / devicePixelRatio;
    const side = Math.min(LARGEST, whole > 0.88 * room ? whole : room);
    const style = this.root.parentElement?.style;  // the curve below them takes what they leave
    style?.setProperty('--cell', `${side}px`);
    style?.setProperty('--lines', String(lines));
    style?.setProperty('--rows', String(rows));
  }

  /** @param {number} lines */
  #build(lines) {
    this.#lines = lines;
    this.root.dataset.kind = this.reads ? 'reads' : 'denoises';
    this.#readings = [];
    this.#cells = noCells();
    const columns = Math.ceil(this.labels.length / lines);
    this.root.replaceChildren(...Array.from({ length: lines }, (_, i) => (
      this.#line(this.labels.slice(i * columns, (i + 1) * columns)))));
    this.#describe();
    const size = AREA * this.labels.length;
    for (const row of ROWS) this.show(row, this.#pictures[row]?.length === size ? this.#pictures[row] : null);
    this.showReadings(this.#shares?.length === 10 * this.labels.length ? this.#shares : null);
  }

  #describe() {
    const digits = this.labels.map((label) => label ?? text.yours).join(', ');
    const readings = this.#readings.map(({ words }) => words).filter(Boolean).join('; ');
    const words = this.reads ? text.samples_read_about : text.samples_about;
    this.root.setAttribute('aria-label', withDetails(words, { digits, readings: readings || '–' }));
  }

  /** @param {Label[]} labels */
  #line(labels) {
    const line = make('div', { className: 'line' });
    /** @type {Row[]} */ const rows = this.reads ? ['clean'] : ROWS;
    for (const row of rows) {
      line.append(this.#name(row, this.reads ? text.row_digit : text[`row_${row}`]));
      line.append(...labels.map((label) => this.#cell(row, label)));
    }
    if (this.reads) {
      const readings = labels.map((label) => new Reading(label));
      this.#readings.push(...readings);
      line.append(this.#name('read', text.row_read), ...readings.map(({ cell }) => cell));
    }
    line.style.setProperty('--columns', String(labels.length));
    return line;
  }

  /**
   * @param {string} row
   * @param {string} textContent
   */
  #name(row, textContent) {
    return make('span', { className: `name ${row}`, textContent });
  }

  /**
   * @param {Row} row
   * @param {Label} label
   */
  #cell(row, label) {
    const canvas = make('canvas', { width: SIDE, height: SIDE });
    canvas.dataset.digit = String(label ?? '');
    const cell = make('span', { className: `cell ${row}` });
    cell.classList.toggle('own', label === null);
    cell.dataset.digit = String(label ?? text.yours);
    cell.append(canvas);
    this.#cells?.[row].push(canvas);
    return cell;
  }
}
