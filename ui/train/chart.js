// The error over time, as an SVG whose axes hold still: the time that was given below, a few decades at the side.

const SVG = 'http://www.w3.org/2000/svg';
const EDGE = { left: 46, right: 6, top: 8, bottom: 22 };

class Chart {
  constructor(place) {
    this.place = place;
    this.log = true;
    this.svg = this.#node('svg', { class: 'chart', role: 'img' }, place);
    this.axes = this.#node('g', { class: 'axes' });
    this.levels = this.#node('g', { class: 'levels' });
    this.lines = Object.fromEntries(['training', 'validation'].map((name) => (
      [name, this.#node('path', { class: `${name}-line` })])));
    this.dots = this.#node('path', { class: 'validation-dots' });
    this.cursor = this.#node('g', { class: 'cursor' });
    this.clear(30);
    new ResizeObserver(() => this.#resize()).observe(place);
  }

  clear(seconds, reads = false) {
    Object.assign(this, { training: [], validation: [], times: [[0, 0]], seconds });
    Object.assign(this, { nothing: null, untrained: null, moment: null, reads });
    [this.low, this.high] = [0.01, reads ? 5 : 0.2];  // who guesses among ten digits has a loss of 2.3
    this.draw();
  }

  level({ nothing, untrained, reads }) {
    Object.assign(this, { nothing, untrained, reads });
  }

  // When a step was made; what lies between two that are known is taken to be even.
  at(step, seconds) {
    if (step > this.times.at(-1)[0]) this.times.push([step, seconds]);
  }

  replace(training, validation, times) {
    Object.assign(this, { training, validation, times: [[0, 0]] });
    for (const moment of times) this.at(...moment);
  }

  append(training, validation, times) {
    this.training.push(...training);
    this.validation.push(...validation);
    for (const moment of times) this.at(...moment);
  }

  // A line at this step, or none.
  mark(step) {
    this.moment = step;
    this.#drawCursor();
  }

  draw() {
    if (!this.width) return;
    this.#scale();
    this.#drawAxes();
    this.#drawLevels();
    this.lines.training.setAttribute('d', this.#path(this.training));
    this.lines.validation.setAttribute('d', this.#path(this.validation));
    this.dots.setAttribute('d', this.#shown(this.validation).map(([x, y]) => `M${x} ${y}h0`).join(''));
    this.#drawCursor();
    this.#describe();
  }

  #resize() {
    [this.width, this.height] = [this.place.clientWidth, this.place.clientHeight];
    if (!this.width || !this.height) return;
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${this.height}`);
    this.draw();
  }

  // Only ever wider, by steps of 1, 2, 5: the curve moves along its axes, and not the axes along the curve.
  #scale() {
    const values = [...this.training, ...this.validation].map(([, value]) => value);
    values.push(this.nothing, this.untrained);
    const known = values.filter((value) => value > 0 && Number.isFinite(value));
    if (!known.length) return;
    const [least, most] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
    this.low = Math.min(this.low, round125(least * 0.97, Math.floor));
    this.high = Math.max(this.high, round125(most * 1.05, Math.ceil));
  }

  #x(step) {
    return this.#across(this.#secondsAt(step));
  }

  #across(seconds) {
    return EDGE.left + (this.width - EDGE.left - EDGE.right) * Math.min(1, seconds / this.seconds);
  }

  #y(value) {
    const share = this.log
      ? Math.log(Math.max(value, this.low) / this.low) / Math.log(this.high / this.low) : value / this.high;
    return EDGE.top + (this.height - EDGE.top - EDGE.bottom) * (1 - Math.min(1, share));
  }

  #secondsAt(step) {
    const after = this.times.findIndex(([known]) => known >= step);
    if (after === 0 || this.times.length < 2) return 0;
    const [[s0, t0], [s1, t1]] = this.times.slice(after < 0 ? -2 : after - 1).slice(0, 2);
    return t0 + (t1 - t0) * (step - s0) / (s1 - s0);
  }

  #shown(points) {
    return points.map(([step, value]) => [this.#x(step).toFixed(1), this.#y(value).toFixed(1)]);
  }

  #path(points) {
    return points.length ? `M${this.#shown(points).map((point) => point.join(' ')).join('L')}` : '';
  }

  #drawAxes() {
    const key = [this.width, this.height, this.log, this.low, this.high, this.seconds].join();
    if (key === this.drawn) return;
    this.drawn = key;
    this.axes.replaceChildren();
    const [left, right, bottom] = [EDGE.left, this.width - EDGE.right, this.height - EDGE.bottom];
    for (const value of this.log ? decades(this.low, this.high) : evenly(this.high, 4)) {
      const y = this.#y(value);
      this.#node('line', { x1: left, x2: right, y1: y, y2: y }, this.axes);
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
    const lines = [[this.reads ? 'guessing' : 'nothing', this.nothing], ['untrained', this.untrained]].filter(([, value]) => value > 0);
    lines.sort((a, b) => b[1] - a[1]);
    lines.forEach(([name, value], i) => {
      const y = this.#y(value);
      const right = this.width - EDGE.right;
      this.#node('line', { class: name, x1: EDGE.left, x2: right, y1: y, y2: y }, this.levels);
      this.#label(text[`line_${name}`], right - 4, i || y < 20 ? y + 13 : y - 5, 'end', this.levels);
    });
  }

  #drawCursor() {
    this.cursor.replaceChildren();
    if (this.moment === null || !this.width) return;
    const x = this.#x(this.moment);
    this.#node('line', { x1: x, x2: x, y1: EDGE.top, y2: this.height - EDGE.bottom }, this.cursor);
    const right = x > this.width - 110;
    const beside = right ? [x - 7, this.height - EDGE.bottom - 8, 'end'] : [x + 7, this.height - EDGE.bottom - 8, 'start'];
    this.#label(stepName(this.moment), ...beside, this.cursor);
  }

  #describe() {
    const last = (points) => (points.length ? shortNumber(points.at(-1)[1]) : '–');
    const details = { loss: last(this.training), validation: last(this.validation), nothing: shortNumber(this.nothing) };
    const words = this.reads ? text.curve_read_about : text.curve_about;
    this.svg.setAttribute('aria-label', this.training.length ? withDetails(words, details) : text.curve_before);
  }

  #label(words, x, y, anchor, place) {
    this.#node('text', { x, y, 'text-anchor': anchor }, place).textContent = words;
  }

  #node(name, attributes, place = this.svg) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return place.appendChild(node);
  }
}

// The nearest 1, 2 or 5 times a power of ten: Math.floor gives the one below, Math.ceil the one above.
function round125(value, towards) {
  const ten = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((step) => step * ten);
  const found = towards === Math.floor ? steps.findLast((step) => step <= value) : steps.find((step) => step >= value);
  return Number((found ?? ten).toPrecision(1));
}

function decades(low, high) {
  const values = [];
  for (let value = low; value <= high * 1.001; value = round125(value * 1.01, Math.ceil)) values.push(value);
  return values.length > 7 ? values.filter((value) => String(value).replace(/[^1-9]/g, '')[0] === '1') : values;
}

// Round numbers from 0 to `most`, at most about so many.
function evenly(most, count) {
  const step = round125(most / count, Math.ceil);
  return Array.from({ length: Math.floor(most / step + 1e-6) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

// As many digits as a step of the axis needs; of a run that fell apart the numbers can be of any length.
function axisNumber(value) {
  return value >= 1e5 ? value.toExponential() : value.toLocaleString(language, { maximumSignificantDigits: 3 });
}

function shortNumber(value) {
  if (value === null || value === undefined) return '–';
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return value.toLocaleString(language, { maximumSignificantDigits: 3 });
}
