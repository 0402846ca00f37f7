// One kind of noise and one score as a table: a row for everybody, a column for each amount, the best of each marked.

import { make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';
import { bestOf, scoreOf } from './scores.js';

/** @import { CellAnswer, Measured, Score } from '../types.d.ts' */

/** @type {Record<Score, (value: number) => string>} */
const WRITTEN = {
  mse: (value) => value.toFixed(5),
  psnr: (value) => (value === Infinity ? '∞' : value.toFixed(2)),
  ssim: (value) => value.toFixed(4),
  read: (value) => (100 * value).toFixed(1),
};

/** @typedef {(who: Measured, amount: string) => CellAnswer | undefined} CellOf */

export class ScoreTable {
  /**
   * @param {HTMLTableElement} table
   * @param {HTMLElement} caption
   * @param {string[]} amounts
   */
  constructor(table, caption, amounts) {
    this.table = table;
    this.caption = caption;
    this.amounts = amounts;
  }

  /**
   * @param {Measured[]} everybody
   * @param {string} kind
   * @param {Score} score
   * @param {CellOf} cellOf
   */
  show(everybody, kind, score, cellOf) {
    const columns = this.amounts.map((amount) => everybody.map((who) => scoreOf(cellOf(who, amount), score, amount)));
    const winners = columns.map((column) => bestOf(column.map((each) => each?.value ?? null), score));
    const head = make('tr');
    head.append(make('td'), ...this.amounts.map((amount) => make('th', { scope: 'col', textContent: named(amount) })));
    const rows = everybody.map((who, place) => {
      const cells = this.amounts.map((amount, column) => this.#cell(
        cellOf(who, amount), columns[column][place], winners[column] === place, WRITTEN[score],
      ));
      const line = make('tr');
      line.dataset.name = who.name;
      line.append(this.#name(who, cellOf), ...cells);
      return line;
    });
    const body = make('tbody');
    body.append(...rows);
    const top = make('thead');
    top.append(head);
    this.table.replaceChildren(top, body);
    const details = { score: text[`score_${score}`], kind: text[`kind.${kind}.within`] };
    this.caption.textContent = this.table.ariaLabel = withDetails(text.measure_caption, details);
  }

  /**
   * @param {Measured} who
   * @param {CellOf} cellOf
   */
  #name(who, cellOf) {
    const cell = make('th', { scope: 'row', textContent: who.title });
    const failed = this.amounts.map((amount) => cellOf(who, amount)?.facts?.rows[0].error).find(Boolean);
    const digits = this.amounts.map((amount) => cellOf(who, amount)?.facts?.rows[0].digits).find(Boolean);
    if (failed) {
      cell.append(make('small', { textContent: failed, className: 'measure-failed' }));
    } else if (digits) {
      cell.append(make('small', { textContent: withDetails(text.measure_most, { count: digits.toLocaleString() }) }));
    }
    return cell;
  }

  /**
   * @param {CellAnswer | undefined} answer
   * @param {{ value: number, low: number, high: number } | null} found
   * @param {boolean} best
   * @param {(value: number) => string} written
   */
  #cell(answer, found, best, written) {
    if (!found) {
      const share = answer && !answer.facts ? `${Math.floor(100 * answer.done / answer.of)} %` : answer ? '–' : '·';
      return make('td', { textContent: share, className: 'measure-open' });
    }
    const cell = make('td', { textContent: written(found.value), className: best ? 'measure-best' : '' });
    if (best) cell.title = text.measure_best;
    cell.append(make('small', { textContent: `${written(found.low)}–${written(found.high)}` }));
    return cell;
  }
}

/** @param {string} amount */
const named = (amount) => (amount === 'uniform' ? text.measure_uniform : `${100 * Number(amount)} %`);
