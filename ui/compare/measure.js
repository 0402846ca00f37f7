// Everybody's scores on many test digits: the command line's table, a cell after the other, for as long as one looks.

import { finder } from '../shared/dom.js';
import { saveBlob } from '../shared/saving.js';
import { text, withDetails } from '../shared/words.js';
import { ScoreTable } from './score_table.js';
import { csvOf, jsonOf, measuredOrder, places } from './scores.js';

/** @import { CellAnswer, CellWish, Measured, MeasureProps, Refusal, Score } from '../types.d.ts' */
/** @import { Place } from './scores.js' */

const AGAIN = 700;  // ms until who was busy is asked again
const PAUSE = 60;   // ms between two requests, for whoever draws

/** @type {Score[]} */
const SCORES = ['psnr', 'mse', 'ssim', 'read'];
const TYPES = { csv: 'text/csv', json: 'application/json' };

/**
 * @typedef {object} Surroundings
 * @property {(wish: CellWish) => Promise<Refusal | CellAnswer>} ask
 * @property {() => boolean} open whether anybody looks
 * @property {() => Measured[]} everybody
 * @property {(name: string) => boolean} isSlow
 * @property {(refusal: Refusal | null) => void} refused null where there was no answer
 * @property {() => void} answered
 * @property {string[]} kinds
 * @property {MeasureProps} props
 */

export class Measure {
  /** @type {Map<string, CellAnswer>} */ #cells = new Map();  // also those that are only begun
  #wanted = false;   // whether it shall go on
  #running = false;

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = this.$ = finder(root);
    this.surroundings = surroundings;
    this.digits = $('.measure-digits', HTMLSelectElement);
    this.kind = $('.measure-kind', HTMLSelectElement);
    this.score = $('.measure-score', HTMLSelectElement);
    this.button = $('.measure-go', HTMLButtonElement);
    const table = $('.measure-table table', HTMLTableElement);
    this.table = new ScoreTable(table, $('.measure-caption'), surroundings.props.amounts);
    for (const count of surroundings.props.counts) {
      this.digits.add(new Option(count === 'all' ? text.measure_all : Number(count).toLocaleString(), count));
    }
    for (const kind of surroundings.kinds) this.kind.add(new Option(text[`kind.${kind}`], kind));
    for (const score of SCORES) this.score.add(new Option(text[`score_${score}`], score));
    for (const choice of [this.digits, this.kind, this.score]) choice.addEventListener('input', () => this.change());
    this.button.addEventListener('click', () => (this.#wanted ? this.#stop() : this.#start()));
    $('.measure-files').addEventListener('click', ({ target }) => this.#save(target));
  }

  // Something that is shown changed: a choice, or who is there.
  change() {
    const kind = this.kind.value;
    const everybody = this.surroundings.everybody();
    const cellOf = (/** @type {Measured} */ who, /** @type {string} */ amount) => (
      this.#cells.get(this.#key({ who, kind, amount })));
    this.table.show(everybody, kind, /** @type {Score} */ (this.score.value), cellOf);
    this.#describe();
  }

  #start() {
    this.#wanted = true;
    this.#run();
    this.change();
  }

  #stop() {
    this.#wanted = false;
    this.#describe();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#next(); next && this.#wanted && this.surroundings.open(); next = this.#next()) {
        await this.#ask(next);
      }
    } finally {
      this.#running = this.#wanted = false;
      this.change();
    }
  }

  /** @param {Place} place */
  async #ask(place) {
    const { who: { name, told }, kind, amount } = place;
    const key = this.#key(place);
    const wish = { name, told, kind, amount, digits: this.digits.value };
    const answer = await this.surroundings.ask(wish).catch(() => null);
    if (answer && 'done' in answer) {
      this.#cells.set(key, answer);
      this.surroundings.answered();
      this.change();
      return wait(PAUSE);
    }
    this.surroundings.refused(answer);
    if (answer && answer.hint !== 'busy') this.#wanted = answer.hint === 'gone';  // who is gone has no row now
    else await wait(AGAIN);
  }

  get #all() {
    return places(this.surroundings.kinds, this.surroundings.everybody(), this.surroundings.props.amounts);
  }

  #next() {
    const order = measuredOrder(this.#all, this.kind.value, this.surroundings.isSlow);
    return order.find((place) => !this.#cells.get(this.#key(place))?.facts);
  }

  /** @param {Place} place */
  #key({ who, kind, amount }) {
    return JSON.stringify([this.digits.value, who.key, kind, amount]);
  }

  get #filled() {
    return this.#all.flatMap((place) => this.#cells.get(this.#key(place)) ?? []).filter(({ facts }) => facts);
  }

  #describe() {
    const { $ } = this;
    const cells = this.#all.map((place) => this.#cells.get(this.#key(place)));
    const shares = cells.map((cell) => (cell?.facts ? 1 : cell ? cell.done / cell.of : 0));
    const share = shares.reduce((sum, each) => sum + each, 0) / shares.length;
    const begun = share > 0;
    const words = this.#wanted ? text.measure_stop : begun ? text.measure_go_on : text.measure_go;
    if (this.button.textContent !== words) this.button.textContent = words;
    this.button.disabled = share === 1;
    $('.measure-progress', HTMLProgressElement).value = share;
    $('.measure-share').textContent = begun ? `${Math.floor(100 * share)} %` : '';
    const facts = cells.find((cell) => cell?.facts)?.facts;
    for (const name of ['.measure-files', '.measure-note']) $(name).hidden = !facts;
    if (!facts) return;
    const { digits, data, seed, hardware, torch } = facts;
    const source = data === this.surroundings.props.own ? text.map_own : data;
    $('.measure-note').textContent = withDetails(text.measure_note, {
      count: digits.toLocaleString(), source, seed, hardware, torch,
    });
  }

  /** @param {EventTarget | null} target */
  #save(target) {
    const kind = target instanceof HTMLElement ? target.dataset.file : undefined;
    if (kind !== 'csv' && kind !== 'json') return;
    const content = (kind === 'csv' ? csvOf : jsonOf)(this.#filled);
    saveBlob(new Blob([content], { type: TYPES[kind] }), `denoising-mnist.${kind}`);
  }
}

/** @param {number} ms */
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
