// What is told in numbers: the figures of a run, and its layers.

import { finder, make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';
import { plain, shortNumber } from './numbers.js';

/** @import { Run, Started } from '../types.d.ts' */

const NAMES = /** @type {const} */ (['step', 'rate', 'left', 'learning_rate', 'best', 'device']);

export class Figures {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.values = NAMES.map((name) => {
      const [item, term, value] = [make('div'), make('dt'), make('dd')];
      term.dataset.text = `figure_${name}`;
      term.textContent = text[term.dataset.text];
      if (name === 'best') term.dataset.reading = 'figure_accuracy';
      value.dataset.figure = name;
      item.append(term, value);
      place.append(item);
      return { name, value };
    });
  }

  /** @param {Run} run */
  show(run) {
    const figures = inWords(run);
    for (const { name, value } of this.values) {
      if (value.textContent !== figures[name]) value.textContent = figures[name];
      if (name === 'device') value.title = run.started?.precision ?? '';
    }
  }
}

/**
 * @param {Run} run
 * @returns {Record<typeof NAMES[number], string>}
 */
function inWords({ state, step, rate, seconds_left: left = NaN, learning_rate: learningRate, best, device }) {
  const running = state === 'running' && Number.isFinite(left);
  return {
    step: step ? plain(step) : '–',
    rate: rate ? plain(Number(rate.toPrecision(3))) : '–',
    left: running ? withDetails(text.seconds, { seconds: plain(Math.ceil(left)) }) : '–',
    learning_rate: learningRate ? shortNumber(Number(learningRate.toPrecision(2))) : '–',
    best: best ? bestScore(best) : '–',
    device: device ? device.toUpperCase() : '–',
  };
}

/** @param {NonNullable<Run['best']>} best */
const bestScore = ({ mse, wrong }) => (wrong === undefined ? shortNumber(mse) : `${plain(100 * (1 - wrong), 1)} %`);

/**
 * Which layers hold weights, how many, and whether they are trained.
 * @param {HTMLElement} fold
 * @param {Started} started
 */
export function showLayers(fold, { layers, parameters, trained_parameters: trained }) {
  const $ = finder(fold);
  fold.hidden = !layers.length;
  $('.count').textContent = withDetails(text.layers_count, { trained: plain(trained), all: plain(parameters) });
  $('ol').replaceChildren(...layers.map(([name, shape, weights, learns]) => {
    const item = make('li', { title: shape.join(' × ') });
    item.classList.toggle('frozen', !learns);
    for (const words of [name, learns ? plain(weights) : `${plain(weights)} · ${text.frozen}`]) {
      item.append(make('span', { textContent: words }));
    }
    return item;
  }));
}
