// PSNR over the amount of noise, a curve for everybody; the chosen one is in front.

import { drawn, finder } from '../shared/dom.js';

/** @import { Swept } from '../types.d.ts' */

const SIZE = { width: 640, height: 260 };
const EDGE = { left: 46, right: 30, top: 28, bottom: 46 };
const MOST = 45;  // dB; above that nobody sees a difference
const LEVELS = [0, 10, 20, 30, 40];
const SHARES = [0, 25, 50, 75, 100];

/** @param {number} share of all places, 0 to 1 */
const across = (share) => EDGE.left + (SIZE.width - EDGE.left - EDGE.right) * share;
/** @param {number | null} psnr */
const up = (psnr) => (
  EDGE.top + (SIZE.height - EDGE.top - EDGE.bottom) * (1 - Math.max(0, Math.min(MOST, psnr ?? MOST)) / MOST));

/**
 * The first amount at which another digit is read than without noise, as a share; null where there is none.
 * @param {Pick<Swept, 'read' | 'digit'>} swept
 */
export function lostAt({ read, digit }) {
  const place = read.findIndex((each) => each !== digit);
  return place < 0 ? null : place / (read.length - 1);
}

export class Curves {
  /** @type {Map<string, SVGElement>} */ #lines = new Map();

  /**
   * @param {HTMLElement} root
   * @param {{ amount: string, psnr: string }} words of the axes
   */
  constructor(root, { amount, psnr }) {
    this.svg = finder(root)('svg', SVGSVGElement);
    this.svg.setAttribute('viewBox', `0 0 ${SIZE.width} ${SIZE.height}`);
    const axes = drawn('g', { class: 'axes' }, this.svg);
    for (const level of LEVELS) {
      drawn('path', { d: `M${EDGE.left} ${up(level)}H${SIZE.width - EDGE.right}` }, axes);
      label(axes, EDGE.left - 6, up(level) + 4, String(level), 'end');
    }
    const under = SIZE.height - EDGE.bottom + 20;
    for (const share of SHARES) label(axes, across(share / 100), under, `${share} %`, 'middle');
    label(axes, across(0.5), SIZE.height - 3, amount, 'middle');
    label(axes, EDGE.left, EDGE.top - 12, psnr, 'start');
    this.front = drawn('g', {}, this.svg);
  }

  clear() {
    this.front.replaceChildren();
    this.#lines.clear();
  }

  /**
   * @param {string} name
   * @param {Swept} swept
   */
  show(name, swept) {
    const { psnr } = swept;
    const most = psnr.length - 1;
    const points = psnr.map((value, place) => `${across(place / most).toFixed(1)} ${up(value).toFixed(1)}`);
    this.#lines.get(name)?.remove();
    const line = drawn('g', { class: 'curve' }, this.front);
    drawn('path', { d: `M${points.join('L')}` }, line);
    const lost = lostAt(swept);
    if (lost !== null) {
      const [x, y] = points[Math.round(lost * most)].split(' ');
      drawn('circle', { cx: x, cy: y, r: 4 }, line);
    }
    this.#lines.set(name, line);
  }

  /** @param {string} name */
  choose(name) {
    for (const [each, line] of this.#lines) line.classList.toggle('chosen', each === name);
    const line = this.#lines.get(name);
    if (line) this.front.append(line);
  }
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
