// The drawing and its settings in the visitor's browser, so that a reload forgets nothing. Each tab of the browser
// comes back with its own; a new one opens with what was drawn last.

import { kept } from '../shared/kept.js';
import { SIDE, fromBase64, toBase64 } from '../shared/pixels.js';
import { tried } from '../shared/tried.js';
import { text } from '../shared/words.js';

/** @import { Denoised, DrawLimits, Given, Mark, Pair } from '../types.d.ts' */
/** @import { Ink } from './ink.js' */

const BOARD_KEY = 'denoiser.board';
const MOST_KEPT = 200_000;  // characters; longer drawings are kept without their history, or as a picture
const MOST_POINTS = 100_000;

/**
 * @param {Ink} ink
 * @param {Record<string, unknown>} settings
 * @param {Denoised | null} answer
 */
export function keepBoard(ink, settings, answer) {
  const ways = [() => ink.marks, () => ink.visible, () => [flattened(ink)]];
  for (const marks of ink.empty ? [() => []] : ways) {
    const words = JSON.stringify({ marks: marks().map(packed), settings, answer: ink.empty ? null : answer });
    if (words.length > MOST_KEPT) continue;
    try { sessionStorage.setItem(BOARD_KEY, words); } catch { /* full, or forbidden */ }
    return kept.set(BOARD_KEY, words);
  }
}

/**
 * The board as it was kept; null is what is missing, damaged or from another version.
 * @param {DrawLimits} limits
 * @returns {{ marks: Mark[] | null, settings: Record<string, unknown>, answer: Denoised | null }}
 */
export function keptBoard(limits) {
  const words = tried(() => sessionStorage.getItem(BOARD_KEY)) ?? kept.get(BOARD_KEY);
  const { marks, settings, answer } = parsed(words);
  /** @type {Mark[] | null} */
  const restored = tried(() => marks.map((/** @type {unknown} */ mark) => unpacked(mark, limits)));
  return {
    marks: restored?.length ? restored : null,
    settings: settings && typeof settings === 'object' ? settings : {},
    answer: restored?.length && isAnswer(answer) ? answer : null,
  };
}

/**
 * Anything may lie there.
 * @param {string | null} words
 * @returns {any}
 */
const parsed = (words) => tried(() => JSON.parse(words ?? '')) ?? {};

/**
 * To a tenth of a unit; on the canvas nobody sees the difference.
 * @param {Mark} mark
 */
function packed({ points, width, picture, given, fresh, opening }) {
  const places = points?.map((point) => point.map((at) => Math.round(10 * at) / 10));
  const bytes = picture && { drawing: toBase64(picture.drawing), plain: toBase64(picture.plain) };
  return { points: places, width, picture: bytes, given, fresh, opening };
}

/**
 * @param {any} packed
 * @param {DrawLimits} limits
 * @returns {Mark}
 */
function unpacked({ points, width, picture, given, fresh, opening }, { canvas, sent }) {
  /** @type {Mark} */ const mark = { fresh: Boolean(fresh), opening: Boolean(opening) };
  if (given) mark.given = wordsOf(given);
  if (picture) mark.picture = { drawing: square(picture.drawing, [sent]), plain: square(picture.plain, [SIDE, sent]) };
  if (!points) return mark;
  const fine = points.length <= MOST_POINTS && points.every(isPoint);
  if (!fine || !(width > 0 && width < canvas)) throw new RangeError('no stroke');
  return { ...mark, points, width };
}

/** @param {Pair} point */
const isPoint = (point) => point.length === 2 && point.every(Number.isFinite);

/**
 * @param {Given} given
 * @returns {Given}
 */
function wordsOf([hint, { label, source } = {}]) {
  if (!(`hint_${hint}` in text)) throw new RangeError('no hint');
  return [String(hint), { label: String(label ?? '').slice(0, 1), source: String(source ?? '').slice(0, 40) }];
}

/**
 * @param {string} encoded
 * @param {number[]} sides that it may have
 */
function square(encoded, sides) {
  const bytes = fromBase64(encoded);
  if (!sides.some((side) => bytes.length === side ** 2)) throw new RangeError('no picture');
  return bytes;
}

/**
 * What it looks like, without how it was drawn.
 * @param {Ink} ink
 * @returns {Mark}
 */
function flattened(ink) {
  const pixels = ink.pixels();
  return { picture: { drawing: pixels, plain: pixels }, fresh: true };
}

/** @param {any} answer */
function isAnswer(answer) {
  return Boolean(tried(() => {
    for (const pixels of [answer.digit, answer.noisy.pixels, answer.denoised.pixels]) square(pixels, [SIDE]);
    const all = [...answer.noisy.readings, ...answer.denoised.readings, answer.ms];
    return all.length === 21 && all.every(Number.isFinite) && typeof answer.device === 'string';
  }));
}
