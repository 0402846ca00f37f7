// Who comes first, and who is the best.

/** @import { Rated } from '../types.d.ts' */
/** @typedef {{ rated: Rated | null }} Entry */

/** @type {Record<string, (rated: Rated) => number>} the lower, the earlier */
const COSTS = {
  psnr: ({ shown }) => -decibels(shown),
  ssim: ({ shown }) => -(shown.ssim ?? 0),
  ms: ({ ms }) => ms,
};

/**
 * In a new order: a stable one, with those that are not there yet at the end.
 * @template {Entry} T
 * @param {T[]} entries in the given order
 * @param {string} by `given`, or a key of `COSTS`
 */
export function sorted(entries, by) {
  const cost = COSTS[by];
  if (!cost) return entries;
  const of = (/** @type {T} */ { rated }) => (rated ? cost(rated) : Infinity);
  return [...entries].sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)));
}

/**
 * The one nearest to the clean digit, by SSIM where that is asked for; null before there is any.
 * @template {Entry} T
 * @param {T[]} entries
 * @param {string} by
 */
export function best(entries, by) {
  const [first] = sorted(entries.filter(({ rated }) => rated), by === 'ssim' ? 'ssim' : 'psnr');
  return first ?? null;
}

/** @param {Rated['shown']} shown */
const decibels = ({ psnr, equal }) => (equal ? Infinity : psnr ?? 0);
