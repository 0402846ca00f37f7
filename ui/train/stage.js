// What is seen of a run: the digits, the curve and the figures; before the first one, the places that they will have.

import { finder } from '../shared/dom.js';
import { drawing } from '../shared/drawing.js';
import { AREA, fromBase64 } from '../shared/pixels.js';
import { text } from '../shared/words.js';
import { Chart } from './chart.js';
import { Figures, showLayers } from './figures.js';
import { Samples } from './samples.js';

/** @import { Frames, Run, RunAnswer, Started, TrainServer } from '../types.d.ts' */

export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {TrainServer} server
   */
  constructor(root, server) {
    this.root = root;
    this.server = server;
    const $ = this.$ = finder(root);
    this.samples = new Samples($('.samples'));
    this.chart = new Chart($('.plot'));
    this.figures = new Figures($('.figures'));
    const log = $('.log', HTMLInputElement);
    log.addEventListener('change', () => { this.chart.log = log.checked; this.chart.draw(); });
  }

  /**
   * The places of the digits, and the time that will pass.
   * @param {{ digits: number[], reads: boolean, seconds: number }} chosen
   */
  preview({ digits, reads, seconds }) {
    this.samples.clear();
    this.#plan(digits, reads);
    this.#word(reads);
    this.chart.clear(seconds, reads);
  }

  /**
   * @param {RunAnswer} answer
   * @param {Run} run with that answer
   */
  show(answer, run) {
    if (answer.started) this.#begin(answer.started);
    this.#showCurve(answer);
    if (answer.samples) this.samples.showResult(fromBase64(answer.samples));
    this.figures.show(run);
  }

  /**
   * One of the frames.
   * @param {Uint8Array} pixels
   * @param {number} step
   */
  showFrame(pixels, step) {
    this.samples.showResult(pixels);
    this.chart.mark(step);
  }

  /**
   * The samples over time; null where the server has none.
   * @param {Run} run
   * @returns {Promise<Frames | null>}
   */
  async frames({ token, reads }) {
    const { length } = this.samples.labels;
    const answer = await this.server.frames({ token }).catch(() => undefined);
    if (!answer?.steps) return null;
    const [all, size] = [fromBase64(answer.samples ?? ''), (reads ? 10 : AREA) * length];
    return { steps: answer.steps, samples: answer.steps.map((_, i) => all.subarray(i * size, (i + 1) * size)) };
  }

  /**
   * What will stand in the columns: the visitor's own digit, then one of the chosen digits in each of ten places.
   * @param {number[]} digits
   * @param {boolean} reads
   */
  #plan(digits, reads) {
    const own = drawing.board?.pictures();
    const ten = Array.from({ length: 10 }, (_, i) => digits[i % digits.length] ?? '');
    this.samples.plan([...(own ? [null] : []), ...ten], reads);
    if (own) this.samples.sketch(own);
  }

  /** @param {Started} started */
  #begin(started) {
    this.samples.plan(started.labels, started.reads);
    this.#word(started.reads);
    this.samples.show('noisy', fromBase64(started.noisy));
    this.samples.show('clean', fromBase64(started.clean));
    this.chart.level(started);
    showLayers(this.$('.layers'), started);
  }

  /** @param {RunAnswer} answer */
  #showCurve({ fresh, losses = [], validation = [], times = [], step, seconds, seconds_left: left }) {
    if (step && Number.isFinite(left)) this.chart.seconds = Math.max(1, Math.round(2 * (seconds + left)) / 2);
    this.chart[fresh ? 'replace' : 'append'](losses, validation, times);
    if (step) this.chart.at(step, seconds);
    this.chart.draw();
  }

  /**
   * What is said of the curve and the figures, of a network that denoises or of one that reads.
   * @param {boolean} reads
   */
  #word(reads) {
    /** @type {NodeListOf<HTMLElement>} */
    const nodes = this.root.querySelectorAll('[data-reading]');
    for (const node of nodes) node.textContent = text[(reads ? node.dataset.reading : node.dataset.text) ?? ''];
  }
}
