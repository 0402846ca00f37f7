// Cells of the table of scores: in which order they are measured, which is the best, and all of them as a file.

/** @import { CellAnswer, Measured, Score, ScoreRow } from '../types.d.ts' */

/** @typedef {{ who: Measured, kind: string, amount: string }} Place */

const LOWER_IS_BETTER = ['mse'];

/**
 * Every place of the table in the order of the command line: by kind, by row, by amount.
 * @param {string[]} kinds
 * @param {Measured[]} everybody
 * @param {string[]} amounts
 * @returns {Place[]}
 */
export const places = (kinds, everybody, amounts) => (
  kinds.flatMap((kind) => everybody.flatMap((who) => amounts.map((amount) => ({ who, kind, amount })))));

/**
 * The same in the order in which they are measured: first the kind that is looked at; who is slow comes last.
 * @param {Place[]} all
 * @param {string} kind
 * @param {(name: string) => boolean} isSlow
 */
export function measuredOrder(all, kind, isSlow) {
  const cost = (/** @type {Place} */ place) => 2 * Number(isSlow(place.who.name)) + Number(place.kind !== kind);
  return [...all].sort((a, b) => cost(a) - cost(b));
}

/**
 * The score of a cell, with the low and the high end of its interval; null where there is none, Infinity where nothing
 * differs.
 * @param {CellAnswer | undefined} cell
 * @param {Score} score
 * @param {string} amount
 */
export function scoreOf(cell, score, amount) {
  const row = cell?.facts?.rows[0];
  const found = row?.[score];
  if (!row || !found || !(amount in found)) return null;
  const [low, high] = row.intervals?.[score]?.[amount] ?? [null, null];
  return { value: found[amount] ?? Infinity, low: low ?? Infinity, high: high ?? Infinity };
}

/**
 * The place of the best of these; −1 where there is none.
 * @param {(number | null)[]} values
 * @param {Score} score
 */
export function bestOf(values, score) {
  const sign = LOWER_IS_BETTER.includes(score) ? -1 : 1;
  let best = -1;
  for (const [place, value] of values.entries()) {
    if (value !== null && (best < 0 || sign * value > sign * Number(values[best]))) best = place;
  }
  return best;
}

/**
 * All cells as one file of lines: the heads once, and an error that several of a row share once, too.
 * @param {CellAnswer[]} cells in the order of the table
 */
export function csvOf(cells) {
  const files = cells.flatMap(({ csv }) => (csv === null ? [] : [csv.trimEnd()]));
  const [heads] = (files[0] ?? '').split('\n', 1);
  return `${[...new Set([heads, ...files.map((file) => file.slice(heads.length + 1))])].join('\n')}\n`;
}

/**
 * All cells as the command line's JSON has them: a row for each kind and name.
 * @param {CellAnswer[]} cells in the order of the table
 */
export function jsonOf(cells) {
  const known = cells.flatMap(({ facts }) => facts ?? []);
  /** @type {Map<string, ScoreRow[]>} */ const rows = new Map();
  for (const row of known.flatMap((each) => each.rows)) {
    const key = JSON.stringify([row.kind, row.name]);
    rows.set(key, [...rows.get(key) ?? [], row]);
  }
  return JSON.stringify({ ...known[0], rows: [...rows.values()].map(joined) });
}

/** @param {ScoreRow[]} parts of one row */
function joined(parts) {
  const scored = parts.filter(({ error }) => error === undefined);
  if (!scored.length) return parts[0];
  const [{ name, model, parameters, kind, digits }] = parts;
  const together = (/** @type {Score} */ score) => Object.assign({}, ...scored.map((part) => part[score]));
  const ends = (/** @type {Score} */ score) => Object.assign({}, ...scored.map((part) => part.intervals?.[score]));
  const failed = parts.find(({ error }) => error !== undefined)?.error;
  return {
    ...{ name, model, parameters, kind, ...(digits === undefined ? {} : { digits }) },
    ...{ mse: together('mse'), psnr: together('psnr') },
    interval: scored.find(({ interval }) => interval !== null)?.interval ?? null,
    read: together('read'),
    milliseconds: scored.reduce((sum, part) => sum + (part.milliseconds ?? 0), 0) / scored.length,
    ssim: together('ssim'),
    intervals: { mse: ends('mse'), ssim: ends('ssim'), read: ends('read'), psnr: ends('psnr') },
    ...(failed === undefined ? {} : { error: failed }),
  };
}
