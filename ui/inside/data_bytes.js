// The first bytes of an IDX file: what each group of them means, and the pixels that follow.

import { finder, make } from '../shared/dom.js';
import { SIDE, fromBase64 } from '../shared/pixels.js';
import { language, text, withDetails } from '../shared/words.js';

/** @import { IdxHead } from '../types.d.ts' */

const WIDTH = 4;    // bytes of a number
const PEEK = 4;     // of the pixels' bytes that stand beside the numbers
const BRIGHT = 118; // from which on black is easier to read on it than white

const whole = new Intl.NumberFormat(language);

/** @param {number} byte */
const hex = (byte) => byte.toString(16).toUpperCase().padStart(2, '0');

/** @param {number} byte */
const shadeOf = (byte) => (byte < BRIGHT ? byte ? 'dim' : '' : 'bright');

export class Bytes {
  /** @param {HTMLElement} root */
  constructor(root) {
    const $ = finder(root);
    this.groups = $('.data-groups');
    this.meaning = $('.data-meaning');
    this.rows = $('.data-rows > div');
    this.file = $('.data-file');
  }

  /**
   * @param {IdxHead} head
   * @param {string} source of the digits
   */
  show({ header, numbers, pixels, file }, source) {
    const bytes = fromBase64(pixels);
    this.file.textContent = file ? withDetails(text.data_file, { file }) : withDetails(text.data_written, { source });
    const says = [
      [text.data_magic, text.data_magic_about],
      [text.data_count, text.data_count_about],
      [text.data_rows_number, text.data_rows_about],
      [text.data_columns, text.data_columns_about],
      [text.data_first_pixels, text.data_first_pixels_about],
    ];
    const groups = says.map(([name, about], place) => {
      const last = place === numbers.length;
      const own = last ? [...bytes.subarray(0, PEEK)] : header.slice(place * WIDTH, (place + 1) * WIDTH);
      const number = whole.format(last ? bytes.length : numbers[place]);
      return this.#group(place, name, `${own.map(hex).join(' ')}${last ? ' …' : ''}`, withDetails(about, { number }));
    });
    this.groups.replaceChildren(...groups);
    groups[0].dispatchEvent(new Event('pointerenter'));
    this.#showRows(bytes, header.length);
  }

  /**
   * @param {number} place
   * @param {string} name
   * @param {string} words its bytes
   * @param {string} about
   */
  #group(place, name, words, about) {
    const button = make('button', { type: 'button' });
    button.append(make('code', { textContent: words }), make('span', { textContent: name }));
    button.style.setProperty('--hue', String(place));
    const choose = () => {
      this.meaning.textContent = about;
      for (const each of this.groups.children) each.ariaPressed = String(each === button);
    };
    for (const event of ['pointerenter', 'focus', 'click']) button.addEventListener(event, choose);
    return button;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} start where they begin in the file
   */
  #showRows(bytes, start) {
    const rows = Array.from({ length: SIDE }, (_, row) => {
      const line = make('div');
      line.append(make('i', { textContent: (start + row * SIDE).toString(16).toUpperCase().padStart(4, '0') }));
      for (const byte of bytes.subarray(row * SIDE, (row + 1) * SIDE)) {
        const cell = make('code', { textContent: hex(byte), className: shadeOf(byte) });
        cell.style.background = `rgb(${byte} ${byte} ${byte})`;
        line.append(cell);
      }
      return line;
    });
    this.rows.replaceChildren(...rows);
  }
}
