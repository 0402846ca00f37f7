// Bars on a scale.

import { drawn } from '../shared/dom.js';
import { language } from '../shared/words.js';

const SIZE = { width: 640, height: 264 };
const EDGE = { left: 62, right: 10, top: 52, bottom: 50 };
const GAP = 0.16;  // of the place of a bar

const short = new Intl.NumberFormat(language, { notation: 'compact' });

/**
 * @typedef {object} Bar
 * @property {number} value
 * @property {string} [over] is written above it
 * @property {string} [under] is written below the axis, where it begins or, with `over`, under its middle
 * @property {string} says all of it
 */

/** @param {number} value */
const logarithm = (value) => Math.log10(1 + value);

/**
 * @param {SVGSVGElement} svg
 * @param {Bar[]} bars
 * @param {{ across: string, up: string, logarithmic?: boolean }} axes their words
 */
export function drawBars(svg, bars, { across, up, logarithmic = false }) {
  svg.setAttribute('viewBox', `0 0 ${SIZE.width} ${SIZE.height}`);
  svg.replaceChildren();
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const scaled = logarithmic ? logarithm : Number;
  const tall = SIZE.height - EDGE.top - EDGE.bottom;
  const height = (/** @type {number} */ value) => tall * scaled(value) / scaled(most);
  const floor = SIZE.height - EDGE.bottom;
  const wide = (SIZE.width - EDGE.left - EDGE.right) / bars.length;
  for (const tick of ticks(most, logarithmic)) {
    drawn('path', { d: `M${EDGE.left} ${floor - height(tick)}H${SIZE.width - EDGE.right}` }, svg);
    label(svg, EDGE.left - 8, floor - height(tick) + 5, short.format(tick), 'end');
  }
  for (const [place, { value, over, under, says }] of bars.entries()) {
    const left = EDGE.left + wide * place;
    const [x, width] = [left + wide * GAP / 2, wide * (1 - GAP)];
    const bar = drawn('rect', { x, width, y: floor - height(value), height: height(value) }, svg);
    drawn('title', {}, bar).textContent = says;
    if (over) label(svg, left + wide / 2, floor - height(value) - 5, over, 'middle');
    if (under) label(svg, left + (over ? wide / 2 : 0), floor + 20, under, 'middle');
  }
  label(svg, (SIZE.width + EDGE.left) / 2, SIZE.height - 4, across, 'middle');
  label(svg, 2, 18, up, 'start');
}

/**
 * Round numbers from 0 to the most; powers of ten where the scale is logarithmic.
 * @param {number} most
 * @param {boolean} logarithmic
 */
function ticks(most, logarithmic) {
  const power = Math.floor(Math.log10(most));
  if (logarithmic) return Array.from({ length: power + 1 }, (_, each) => 10 ** each);
  const step = 10 ** power * (most < 2 * 10 ** power ? 0.5 : most < 5 * 10 ** power ? 1 : 2);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, each) => each * step);
}

/**
 * @param {Element} place
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {string} anchor
 */
function label(place, x, y, words, anchor) {
  drawn('text', { x, y, 'text-anchor': anchor }, place).textContent = words;
}
