// What a run leaves: a network to draw with, to be compared with the shipped one, and to be taken home.

import { comparing } from '../shared/comparing.js';
import { finder } from '../shared/dom.js';
import { drawing } from '../shared/drawing.js';
import { nextFrame } from '../shared/link.js';
import { ownNetworks } from '../shared/own.js';
import { toBase64 } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { goesOnFromWeights, isUsable } from './afterwards.js';
import { Comparison } from './comparison.js';
import { saveFile } from './transfer.js';

/** @import { CompareRequest, OwnNetwork, Run, TrainServer } from '../types.d.ts' */
/** @import { Settings } from './settings.js' */
/** @import { Chart } from './chart.js' */

/**
 * @typedef {object} Ends
 * @property {TrainServer} server
 * @property {Settings} settings
 * @property {Chart} chart which makes room for the comparison
 * @property {() => Run} run the one that is shown
 * @property {() => void} lost called where the server no longer has it
 */

export class Results {
  /**
   * @param {HTMLElement} root
   * @param {Ends} ends
   */
  constructor(root, ends) {
    this.ends = ends;
    const $ = this.$ = finder(root);
    /** @type {NodeListOf<HTMLButtonElement>} */
    this.files = root.querySelectorAll('[data-file]');
    this.comparison = new Comparison($('.comparison'), {
      state: () => this.#compared(),
      ask: (state) => ends.server.compare(state),
      shown: () => ends.settings.clearFault('action'),
      lost: (hint, answer) => (hint === 'gone' ? ends.lost() : ends.settings.refuse('action', hint, answer)),
    });
    $('.use').addEventListener('click', () => this.draw(ownNetworks.find(ends.run().token)));
    $('.versus').addEventListener('click', () => this.compare($('.comparison').hidden));
    $('.break-it').addEventListener('click', () => comparing.open(ends.run().token ?? ''));
    for (const button of this.files) {
      button.addEventListener('click', () => this.#download(button.dataset.file ?? ''));
    }
  }

  // What can be done now.
  describe() {
    const { $, ends } = this;
    const run = ends.run();
    /** @type {(selector: string) => HTMLButtonElement} */
    const button = (selector) => $(selector, HTMLButtonElement);
    const over = run.state === 'ended';
    const fromWeights = goesOnFromWeights(run);
    const words = fromWeights ? text.go_on_weights : text.go_on;
    $('.go-on').textContent = withDetails(words, { seconds: ends.settings.seconds ?? '?' });
    $('.go-on').title = fromWeights ? text.go_on_weights_about : '';
    button('.go-on').disabled = !over || !(run.can_go_on || fromWeights);
    // It would be compared by what it denoises.
    $('.versus').hidden = $('.break-it').hidden = run.reads ?? ends.settings.reads;
    button('.use').disabled = button('.versus').disabled = !isUsable(run);
    button('.break-it').disabled = !over || !isUsable(run);
    for (const file of this.files) {
      file.disabled = !run.usable || (file.dataset.file === 'timelapse' && (!over || run.frames < 2));
    }
  }

  /** @param {OwnNetwork | undefined} network */
  draw(network) {
    if (!network || !drawing.board) return;
    drawing.board[network.reads ? 'useReader' : 'useModel'](network);
    /** @type {HTMLElement | null} */ (document.querySelector('[role="tab"]'))?.click();
    scrollTo(0, 0);
    nextFrame().then(() => {  // now it is seen
      /** @type {HTMLElement | null} */ const canvas = document.querySelector('.board .ink');
      canvas?.focus({ preventScroll: true });
    });
  }

  /** @param {boolean} open */
  compare(open) {
    const { $, ends } = this;
    $('.comparison').hidden = !open;
    $('.curve').hidden = open;
    $('.versus').setAttribute('aria-pressed', String(open));
    ends.settings.clearFault('action');
    if (open) this.#compareNow();
    else ends.chart.draw();
  }

  // There may be another digit.
  compareAgain() {
    if (!this.$('.comparison').hidden) this.#compareNow();
  }

  #compareNow() {
    const { settings } = this.ends;
    settings.clearFault('action');
    if (!this.#compared()) settings.fault('action', text.compare_draw);
    this.comparison.update();
  }

  /** @returns {CompareRequest | null} */
  #compared() {
    const run = this.ends.run();
    const pixels = drawing.board?.pixels();
    if (!pixels || !run.token || !isUsable(run)) return null;
    const kind = run.settings?.kinds?.[0] ?? 'blend';
    return { token: run.token, pixels: toBase64(pixels), amount: this.comparison.amount, kind, seed: 0 };
  }

  /** @param {string} kind */
  async #download(kind) {
    const { settings, run, lost } = this.ends;
    settings.clearFaults();
    try {
      await saveFile(run().token, kind);
    } catch (problem) {
      if (nameOf(problem) === 'gone') return lost();
      settings.refuse('action', nameOf(problem));
    }
  }

  /**
   * The file of any of the visitor's networks.
   * @param {OwnNetwork} network
   */
  async save({ token }) {
    const { settings } = this.ends;
    settings.clearFault('mine');
    try {
      await saveFile(token, 'checkpoint');
    } catch (problem) {
      if (nameOf(problem) === 'gone') ownNetworks.remove(token);
      this.$('[data-fault="mine"]').textContent = settings.wordsOf(nameOf(problem));
    }
  }
}

/** @param {unknown} problem */
const nameOf = (problem) => (problem instanceof Error ? problem.message : '');
