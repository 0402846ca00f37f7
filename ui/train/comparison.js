// The visitor's network beside the shipped one, on the visitor's digit, while the amount of noise moves.

import { finder, make } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { fromBase64, paintGrey } from '../shared/pixels.js';
import { text } from '../shared/words.js';

/** @import { Compared, CompareRequest, Seen, TrainRefusal } from '../types.d.ts' */

/**
 * @typedef {object} Ends
 * @property {() => CompareRequest | null} state what to ask, or null without a digit
 * @property {(state: CompareRequest) => Promise<TrainRefusal | Compared>} ask
 * @property {() => void} shown called after an answer is seen
 * @property {(hint: string, answer?: TrainRefusal) => void} lost called where there is none
 */

export class Comparison {
  /**
   * @param {HTMLElement} root
   * @param {Ends} ends
   */
  constructor(root, ends) {
    this.root = root;
    this.ends = ends;
    root.innerHTML = `<div class="four"></div><div class="slider"><label for="compare-amount"></label>
      <input id="compare-amount" type="range" min="0" max="100" step="1" value="70"><output></output></div>`;
    const $ = finder(root);
    this.four = $('.four');
    this.output = $('output');
    this.slider = $('input', HTMLInputElement);
    $('label').textContent = text.amount;
    const names = /** @type {const} */ (['digit', 'noisy', 'mine', 'shipped']);
    const [digit, noisy, mine, shipped] = names.map((name) => this.#view(name));
    this.views = { digit, noisy, mine, shipped };
    this.link = new Link({
      state: ends.state,
      ask: ends.ask,
      show: (answer) => this.#show(answer),
      lost: () => ends.lost('lost'),
    });
    this.slider.addEventListener('input', (event) => this.update(event.timeStamp));
  }

  get amount() { return this.slider.valueAsNumber / 100; }

  update(/** @type {number | undefined} */ time = undefined) {
    this.output.textContent = `${this.slider.value} %`;
    if (this.ends.state()) this.link.touch(time);
  }

  /** @param {TrainRefusal | Compared} answer */
  #show(answer) {
    if (!('mine' in answer)) return this.ends.lost(answer.hint ?? 'refused', answer);
    paintGrey(this.views.digit.canvas, fromBase64(answer.digit));
    for (const name of /** @type {const} */ (['noisy', 'mine', 'shipped'])) fillView(this.views[name], answer[name]);
    this.ends.shown();
    this.root.dataset.updates = String(Number(this.root.dataset.updates ?? 0) + 1);
  }

  /** @param {string} name */
  #view(name) {
    const title = text[`compare_${name}`];
    const figure = make('figure', { className: name });
    figure.innerHTML = `<canvas width="28" height="28" role="img"></canvas>
      <figcaption><b></b><span class="score"></span><span class="read"></span></figcaption>`;
    const $ = finder(figure);
    const view = { canvas: $('canvas', HTMLCanvasElement), score: $('.score'), read: $('.read'), title };
    $('b').textContent = title;
    view.score.title = text.psnr_about;
    view.canvas.setAttribute('aria-label', title);
    this.four.append(figure);
    return view;
  }
}

/**
 * @param {{ canvas: HTMLCanvasElement, score: HTMLElement, read: HTMLElement, title: string }} view
 * @param {Seen} seen
 */
function fillView({ canvas, score, read, title }, { pixels, psnr, readings, equal }) {
  paintGrey(canvas, fromBase64(pixels));
  const best = readings.indexOf(Math.max(...readings));
  score.textContent = `${equal ? '∞' : psnr?.toFixed(1)} dB`;
  read.textContent = `${text.reads} ${best} · ${Math.round(100 * readings[best])}\u00a0%`;
  canvas.setAttribute('aria-label', [title, score.textContent, read.textContent].join(' '));
}
