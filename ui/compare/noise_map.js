// Where a network helps, and where it does harm: a row for each, a column for each kind and amount of noise.

import { finder, make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/** @import { MapRow, Refusal } from '../types.d.ts' */

const AGAIN = 700;     // ms until who was busy is asked again
const STRONGEST = 12;  // dB, from which on the colour is no stronger

/**
 * @typedef {object} Surroundings
 * @property {(name: string) => Promise<Refusal | MapRow>} ask
 * @property {() => boolean} open whether anybody looks
 * @property {() => { name: string, title: string }[]} networks
 * @property {(refusal: Refusal | null) => void} refused null where there was no answer
 * @property {string[]} kinds
 * @property {number[]} amounts
 */

export class NoiseMap {
  /** @type {Map<string, MapRow>} */ #rows = new Map();
  #running = false;
  /** @type {string | null} */ #marked = null;
  #sought = false;  // whether who is marked has yet to be brought into view

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = finder(root);
    this.surroundings = surroundings;
    this.table = $('.map table', HTMLTableElement);
    this.note = $('.map-digits');
  }

  // What is not known yet is asked for, a row after the other.
  async change() {
    this.#show();
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next && this.surroundings.open(); next = this.#next()) {
        const answer = await this.surroundings.ask(next).catch(() => null);
        if (answer && 'psnr' in answer) {
          this.#rows.set(next, answer);
          this.#show();
          continue;
        }
        this.surroundings.refused(answer);
        if (answer && answer.hint !== 'busy') return;
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    } finally {
      this.#running = false;
    }
  }

  /**
   * This one is looked for: it comes first, and into view.
   * @param {string} name
   */
  mark(name) {
    this.#marked = name;
    this.#sought = true;
    this.#rows.delete(name);  // it may have learned more
  }

  #next() {
    const missing = this.surroundings.networks().map(({ name }) => name).filter((name) => !this.#rows.has(name));
    return missing.find((name) => name === this.#marked) ?? missing[0];
  }

  #show() {
    const { kinds, amounts } = this.surroundings;
    const kindsRow = make('tr');
    kindsRow.append(make('td'), ...kinds.map((kind) => (
      make('th', { scope: 'colgroup', colSpan: amounts.length, textContent: text[`kind.${kind}`] }))));
    const amountsRow = make('tr');
    amountsRow.append(make('td'), ...kinds.flatMap(() => amounts.map((amount) => (
      make('th', { scope: 'col', textContent: `${Math.round(100 * amount)} %` })))));
    const head = make('thead');
    head.append(kindsRow, amountsRow);
    const body = make('tbody');
    body.append(...this.surroundings.networks().map((network) => this.#row(network)));
    this.table.replaceChildren(head, body);
    this.table.dataset.rows = String(this.#rows.size);
    const [row] = this.#rows.values();
    const source = row?.own ? text.map_own : row?.source;
    this.#find();
    this.note.textContent = row ? withDetails(text.map_digits, { count: row.digits, source }) : '';
  }

  // Until its numbers are there the page is still growing.
  #find() {
    const line = this.table.querySelector('[aria-current]');
    if (!line || !this.#sought || !this.surroundings.open()) return;
    line.scrollIntoView({ block: 'center' });
    this.#sought = !this.#rows.has(this.#marked ?? '');
  }

  /** @param {{ name: string, title: string }} network */
  #row({ name, title }) {
    const line = make('tr');
    const known = this.#rows.get(name);
    const cells = this.surroundings.kinds.flatMap((kind, at) => this.surroundings.amounts.map((amount, place) => {
      if (!known) return make('td', { textContent: '·' });
      const gain = known.psnr[at][place] - known.nothing[at][place];
      const cell = make('td', { textContent: signed(gain), className: gain < 0 ? 'harm' : '' });
      cell.style.setProperty('--strength', Math.min(1, Math.abs(gain) / STRONGEST).toFixed(2));
      cell.title = withDetails(text.map_cell, {
        name: title,
        kind: text[`kind.${kind}`],
        percent: Math.round(100 * amount),
        psnr: known.psnr[at][place].toFixed(1),
        nothing: known.nothing[at][place].toFixed(1),
      });
      return cell;
    }));
    if (name === this.#marked) line.ariaCurrent = 'true';
    line.append(make('th', { scope: 'row', textContent: title }), ...cells);
    return line;
  }
}

/** @param {number} gain */
const signed = (gain) => `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(1)}`;
