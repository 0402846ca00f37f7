// The errors of a chain of runs: a column for each run, with its own steps, and one scale of errors for all.

import { drawn } from '../shared/dom.js';
import { language, text, withDetails } from '../shared/words.js';
import { axisNumber, errorNumber, evenly, plain, round125 } from './numbers.js';

/** @import { WorkflowRun } from '../types.d.ts' */

const SIZE = { width: 960, height: 320 };
const EDGE = { left: 58, right: 8, top: 40, bottom: 40 };
const APART = 14;  // between two columns
const SPARE = 1.1; // of the scale, above doing nothing

export class WorkflowChart {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    svg.setAttribute('viewBox', `0 0 ${SIZE.width} ${SIZE.height}`);
  }

  /** @param {WorkflowRun[]} runs */
  show(runs) {
    if (!runs.length) return;
    const nothing = runs.find((run) => run.nothing !== null)?.nothing ?? null;
    const first = runs.flatMap(({ validation }) => validation.map(([, value]) => value));
    const most = nothing === null ? Math.max(0.1, ...first) : SPARE * nothing;
    this.svg.replaceChildren();
    const axes = drawn('g', { class: 'workflow-axes' }, this.svg);
    for (const level of evenly(most, 5)) {
      drawn('path', { d: `M${EDGE.left} ${up(level, most)}H${SIZE.width - EDGE.right}` }, axes);
      word(axes, EDGE.left - 8, up(level, most) + 4, axisNumber(level), 'end');
    }
    const [{ step, progress }] = runs;
    const steps = progress < 1 && progress > 0 ? round125(step / progress, Math.ceil) : Math.max(1, step);
    runs.forEach((run, place) => this.#column(run, place, runs.length, { most, steps }));
    if (nothing !== null) {
      const y = up(nothing, most);
      drawn('line', { class: 'nothing', x1: EDGE.left, x2: SIZE.width - EDGE.right, y1: y, y2: y }, this.svg);
    }
    const middle = (EDGE.left + SIZE.width - EDGE.right) / 2;
    word(axes, middle, SIZE.height - 8, withDetails(text.workflow_steps, { steps: plain(steps) }), 'middle');
    this.svg.setAttribute('aria-label', withDetails(text.workflow_chart, {
      runs: runs.filter(({ validation }) => validation.length).map(inWords).join(language === 'zh' ? '；' : '; '),
      nothing: errorNumber(nothing),
    }));
  }

  /**
   * @param {WorkflowRun} run
   * @param {number} place
   * @param {number} count
   * @param {{ most: number, steps: number }} scale
   */
  #column({ name, training, validation }, place, count, { most, steps }) {
    const wide = (SIZE.width - EDGE.left - EDGE.right) / count;
    const left = EDGE.left + place * wide;
    const group = drawn('g', { 'data-run': name }, this.svg);
    drawn('path', { class: 'ground', d: `M${left + APART / 2} ${up(0, most)}H${left + wide - APART / 2}` }, group);
    const head = word(group, left + wide / 2, EDGE.top - 18, String(place + 1), 'middle');
    drawn('tspan', { class: 'workflow-name' }, head).textContent = ` ${text[`workflow.${name}`]}`;
    /** @type {(points: [number, number][]) => string[]} */
    const places = (points) => points.map(([step, value]) => {
      const across = left + APART / 2 + (wide - APART) * Math.min(1, step / steps);
      return `${across.toFixed(1)} ${up(value, most).toFixed(1)}`;
    });
    const [below, above] = [places(training), places(validation)];
    if (below.length && above.length) {
      drawn('path', { class: 'gap', d: `M${[...above, ...below.reverse()].join('L')}Z` }, group);
    }
    for (const [line, points] of Object.entries({ training, validation })) {
      if (points.length) drawn('path', { class: line, d: `M${places(points).join('L')}` }, group);
    }
  }
}

/** @param {WorkflowRun} run */
const inWords = ({ name, training, validation }) => withDetails(text.workflow_run, {
  name: text[`workflow.${name}`],
  training: errorNumber(training.at(-1)?.[1]),
  validation: errorNumber(validation.at(-1)?.[1]),
});

/**
 * @param {number} value
 * @param {number} most
 */
const up = (value, most) => (
  EDGE.top + (SIZE.height - EDGE.top - EDGE.bottom) * (1 - Math.min(1, Math.max(0, value / most))));

/**
 * @param {Element} place
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {string} anchor
 */
function word(place, x, y, words, anchor) {
  const node = drawn('text', { x, y, 'text-anchor': anchor }, place);
  node.textContent = words;
  return node;
}
