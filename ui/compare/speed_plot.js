// Pictures a second over pictures at a time, both scales logarithmic, a curve for each way.

import { drawn } from '../shared/dom.js';

/** @import { Speeds } from '../types.d.ts' */

const SIZE = { width: 640, height: 300 };
const EDGE = { left: 84, right: 24, top: 40, bottom: 58 };
const RANGE = [10, 1000];  // pictures a second that the scale holds in any case
const SHOWN_BATCHES = [1, 4, 16, 64, 256, 1024];

/**
 * Where a value lies between two others on a logarithmic scale.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const share = (value, low, high) => Math.log(value / low) / Math.log(high / low);

/**
 * The powers of ten from the one below all of them to the one above.
 * @param {number[]} values
 */
export function decades(values) {
  const known = [...RANGE, ...values];
  const [low, high] = [Math.floor(Math.log10(Math.min(...known))), Math.ceil(Math.log10(Math.max(...known)))];
  return Array.from({ length: high - low + 1 }, (_, place) => 10 ** (low + place));
}

export class SpeedPlot {
  /**
   * @param {SVGSVGElement} svg
   * @param {number} most pictures at a time
   * @param {{ across: string, up: string }} words of the axes
   */
  constructor(svg, most, words) {
    svg.setAttribute('viewBox', `0 0 ${SIZE.width} ${SIZE.height}`);
    this.svg = svg;
    this.most = most;
    this.words = words;
  }

  /** @param {Speeds[]} ways */
  show(ways) {
    const scale = decades(ways.flatMap(({ points }) => points.map(({ perSecond }) => perSecond)));
    const [low, high] = [scale[0], scale[scale.length - 1]];
    const [width, height] = [SIZE.width - EDGE.left - EDGE.right, SIZE.height - EDGE.top - EDGE.bottom];
    const across = (/** @type {number} */ batch) => EDGE.left + width * share(batch, 1, this.most);
    const up = (/** @type {number} */ speed) => EDGE.top + height * (1 - share(speed, low, high));
    this.svg.replaceChildren();
    this.#axes(scale, across, up);
    for (const { way, points } of ways) {
      const curve = drawn('g', { class: 'speed-curve', 'data-way': way }, this.svg);
      const places = points.map(({ batch, perSecond }) => [across(batch).toFixed(1), up(perSecond).toFixed(1)]);
      if (places.length) drawn('path', { d: `M${places.map((place) => place.join(' ')).join('L')}` }, curve);
      for (const [cx, cy] of places) drawn('circle', { cx, cy, r: 3 }, curve);
    }
  }

  /**
   * @param {number[]} scale
   * @param {(batch: number) => number} across
   * @param {(speed: number) => number} up
   */
  #axes(scale, across, up) {
    const axes = drawn('g', { class: 'speed-axes' }, this.svg);
    /** @type {(x: number, y: number, words: string, anchor?: string) => void} */
    const label = (x, y, words, anchor = 'middle') => {
      drawn('text', { x, y, 'text-anchor': anchor }, axes).textContent = words;
    };
    for (const level of scale) {
      drawn('path', { d: `M${EDGE.left} ${up(level)}H${SIZE.width - EDGE.right}` }, axes);
      label(EDGE.left - 6, up(level) + 4, level.toLocaleString(), 'end');
    }
    for (const batch of SHOWN_BATCHES) label(across(batch), SIZE.height - EDGE.bottom + 20, batch.toLocaleString());
    label(across(Math.sqrt(this.most)), SIZE.height - 4, this.words.across);
    label(0, EDGE.top - 20, this.words.up, 'start');
  }
}
