// The error over time, as an SVG whose axes hold still: the time that was given below, a few decades at the side.

import { drawn } from '../shared/dom.js';
import { language, text, withDetails } from '../shared/words.js';
import { axisNumber, decades, evenly, round125, shortNumber, stepName } from './numbers.js';
import { Timeline } from './timeline.js';

/** @import { Pair, Started } from '../types.d.ts' */

const EDGE = { left: 46, right: 6, top: 8, bottom: 22 };

export class Chart {
  log = true;
  seconds = 30;  // of the whole axis
  /** @type {Pair[]} */ #training = [];    // step and value
  /** @type {Pair[]} */ #validation = [];
  /** @type {Timeline} */ #times = new Timeline();
  /** @type {number | null} */ #nothing = null;
  /** @type {number | null} */ #untrained = null;
  /** @type {number | null} */ #moment = null;  // a step with a line of its own
  #reads = false;
  #low = 0.01;
  #high = 0.2;
  #width = 0;
  #height = 0;
  #drawn = '';

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.svg = drawn('svg', { class: 'chart', role: 'img' }, place);
    /** @type {(name: string, kind: string) => SVGElement} */
    const part = (name, kind) => drawn(kind, { class: name }, this.svg);
    this.axes = part('axes', 'g');
    this.levels = part('levels', 'g');
    this.lines = { training: part('training-line', 'path'), validation: part('validation-line', 'path') };
    this.dots = part('validation-dots', 'path');
    this.cursor = part('cursor', 'g');
    new ResizeObserver(() => this.#resize()).observe(place);
  }

  /** @param {number} seconds */
  clear(seconds, reads = false) {
    [this.#training, this.#validation, this.#times] = [[], [], new Timeline()];
    this.#nothing = this.#untrained = this.#moment = null;
    this.seconds = seconds;
    this.#reads = reads;
    [this.#low, this.#high] = [0.01, reads ? 5 : 0.2];  // who guesses among ten digits has a loss of 2.3
    this.draw();
  }

  /** @param {Pick<Started, 'nothing' | 'untrained' | 'reads'>} started */
  level({ nothing, untrained, reads }) {
    this.#nothing = nothing;
    this.#untrained = untrained;
    this.#reads = reads;
  }

  /**
   * When a step was made.
   * @param {number} step
   * @param {number} seconds
   */
  at(step, seconds) {
    this.#times.add(step, seconds);
  }

  /**
   * @param {Pair[]} training
   * @param {Pair[]} validation
   * @param {Pair[]} times
   */
  replace(training, validation, times) {
    [this.#training, this.#validation, this.#times] = [[], [], new Timeline()];
    this.append(training, validation, times);
  }

  /**
   * @param {Pair[]} training
   * @param {Pair[]} validation
   * @param {Pair[]} times
   */
  append(training, validation, times) {
    this.#training.push(...training);
    this.#validation.push(...validation);
    for (const moment of times) this.at(...moment);
  }

  /**
   * A line at this step, or none.
   * @param {number | null} step
   */
  mark(step) {
    this.#moment = step;
    this.#drawCursor();
  }

  draw() {
    if (!this.#width) return;
    this.#scale();
    this.#drawAxes();
    this.#drawLevels();
    this.lines.training.setAttribute('d', this.#path(this.#training));
    this.lines.validation.setAttribute('d', this.#path(this.#validation));
    this.dots.setAttribute('d', this.#shown(this.#validation).map(([x, y]) => `M${x} ${y}h0`).join(''));
    this.#drawCursor();
    this.#describe();
  }

  #resize() {
    [this.#width, this.#height] = [this.place.clientWidth, this.place.clientHeight];
    if (!this.#width || !this.#height) return;
    this.svg.setAttribute('viewBox', `0 0 ${this.#width} ${this.#height}`);
    this.draw();
  }

  // Only ever wider, by steps of 1, 2, 5: the curve moves along its axes, and not the axes along the curve.
  #scale() {
    const values = [...this.#training, ...this.#validation].map(([, value]) => value);
    values.push(this.#nothing ?? 0, this.#untrained ?? 0);
    const known = values.filter((value) => value > 0 && Number.isFinite(value));
    if (!known.length) return;
    const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
    this.#low = Math.min(this.#low, round125(least * 0.97, Math.floor));
    this.#high = Math.max(this.#high, round125(most * 1.05, Math.ceil));
  }

  /** @param {number} step */
  #x(step) {
    return this.#across(this.#times.at(step));
  }

  /** @param {number} seconds */
  #across(seconds) {
    return EDGE.left + (this.#width - EDGE.left - EDGE.right) * Math.min(1, seconds / this.seconds);
  }

  /** @param {number} value */
  #y(value) {
    const share = this.log
      ? Math.log(Math.max(value, this.#low) / this.#low) / Math.log(this.#high / this.#low) : value / this.#high;
    return EDGE.top + (this.#height - EDGE.top - EDGE.bottom) * (1 - Math.min(1, share));
  }

  /** @param {Pair[]} points */
  #shown(points) {
    return points.map(([step, value]) => [this.#x(step).toFixed(1), this.#y(value).toFixed(1)]);
  }

  /** @param {Pair[]} points */
  #path(points) {
    return points.length ? `M${this.#shown(points).map((point) => point.join(' ')).join('L')}` : '';
  }

  #drawAxes() {
    const key = [this.#width, this.#height, this.log, this.#low, this.#high, this.seconds].join();
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.axes.replaceChildren();
    const [left, right, bottom] = [EDGE.left, this.#width - EDGE.right, this.#height - EDGE.bottom];
    for (const value of this.log ? decades(this.#low, this.#high) : evenly(this.#high, 4)) {
      const y = this.#y(value);
      drawn('line', { x1: left, x2: right, y1: y, y2: y }, this.axes);
      this.#label(axisNumber(value), left - 8, y + 4, 'end', this.axes);
    }
    for (const time of evenly(this.seconds, 6)) {
      const last = time > 0.97 * this.seconds;
      const words = time ? withDetails(text.seconds, { seconds: time.toLocaleString(language) }) : '0';
      this.#label(words, this.#across(time), bottom + 16, time === 0 ? 'start' : last ? 'end' : 'middle', this.axes);
    }
  }

  // The two lines that the curve has to leave behind. Where they are close, the lower one is named below.
  #drawLevels() {
    this.levels.replaceChildren();
    /** @type {[string, number][]} */
    const known = [[this.#reads ? 'guessing' : 'nothing', this.#nothing ?? 0], ['untrained', this.#untrained ?? 0]];
    const lines = known.filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]);
    lines.forEach(([name, value], i) => {
      const y = this.#y(value);
      const right = this.#width - EDGE.right;
      drawn('line', { class: name, x1: EDGE.left, x2: right, y1: y, y2: y }, this.levels);
      this.#label(text[`line_${name}`], right - 4, i || y < 20 ? y + 13 : y - 5, 'end', this.levels);
    });
  }

  #drawCursor() {
    this.cursor.replaceChildren();
    if (this.#moment === null || !this.#width) return;
    const x = this.#x(this.#moment);
    drawn('line', { x1: x, x2: x, y1: EDGE.top, y2: this.#height - EDGE.bottom }, this.cursor);
    const [y, right] = [this.#height - EDGE.bottom - 8, x > this.#width - 110];
    this.#label(stepName(this.#moment), right ? x - 7 : x + 7, y, right ? 'end' : 'start', this.cursor);
  }

  #describe() {
    /** @type {(points: Pair[]) => string} */
    const last = (points) => shortNumber(points.at(-1)?.[1]);
    const [loss, validation] = [last(this.#training), last(this.#validation)];
    const words = this.#reads ? text.curve_read_about : text.curve_about;
    const told = withDetails(words, { loss, validation, nothing: shortNumber(this.#nothing) });
    this.svg.setAttribute('aria-label', this.#training.length ? told : text.curve_before);
  }

  /**
   * @param {string} words
   * @param {number} x
   * @param {number} y
   * @param {'start' | 'middle' | 'end'} anchor
   * @param {SVGElement} place
   */
  #label(words, x, y, anchor, place) {
    drawn('text', { x, y, 'text-anchor': anchor }, place).textContent = words;
  }
}
