// Did it remember, or did it understand? A picture, and the training digits that are nearest to it.

import { finder, make } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { AREA, SIDE, fromBase64, paintGrey, toBase64 } from '../shared/pixels.js';
import { language, text, withDetails } from '../shared/words.js';

/** @import { Neighboured, Neighbourhood, NeighboursTask, Refusal } from '../types.d.ts' */
/** @typedef {Omit<NeighboursTask, 'pixels'> & { pixels: Uint8Array }} State */

const SAME = 0.5 / 255;  // RMSE below which no two pixels look different
const PICTURES = /** @type {const} */ (['denoised', 'noisy', 'clean']);

/**
 * @typedef {object} Surroundings
 * @property {(task: NeighboursTask) => Promise<Refusal | Neighboured>} ask
 * @property {() => Omit<State, 'model'> | null} task null where there is nothing to show, or nobody looks
 * @property {() => { name: string, title: string }[]} networks
 * @property {(refusal: Refusal) => void} refused
 * @property {() => void} lost
 * @property {(digit: Uint8Array) => void} truth called with the digit, 28×28
 * @property {string} ownSource what the server calls the project's own digits
 */

export class Neighbours {
  #known = false;

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = finder(root);
    this.surroundings = surroundings;
    this.network = $('.neighbours-network', HTMLSelectElement);
    this.verdict = $('.neighbours-verdict');
    this.searched = $('.neighbours-searched');
    this.rows = $('.neighbours-rows');
    /** @type {Link<State, Refusal | Neighboured>} */
    this.link = new Link({
      state: () => this.#state(),
      ask: ({ pixels, ...task }) => surroundings.ask({ pixels: toBase64(pixels), ...task }),
      show: (answer) => this.#take(answer),
      lost: () => surroundings.lost(),
    });
    this.network.addEventListener('input', () => this.link.touch());
  }

  change() {
    this.#list();
    this.link.touch();
  }

  forget() {
    this.link.forget();
    this.#known = false;
    this.rows.replaceChildren();
    this.verdict.textContent = this.searched.textContent = '';
  }

  #state() {
    const task = this.surroundings.task();
    return task && { ...task, model: this.network.value };
  }

  // Who was chosen stays.
  #list() {
    const [networks, chosen] = [this.surroundings.networks(), this.network.value];
    this.network.replaceChildren(...networks.map(({ name, title }) => new Option(title, name)));
    if (networks.some(({ name }) => name === chosen)) this.network.value = chosen;
  }

  /** @param {Refusal | Neighboured} answer */
  #take(answer) {
    if ('denoised' in answer) return this.#show(answer);
    // The first time the digits have to be read, which takes a while.
    if (answer.hint === 'busy' && !this.#known) this.verdict.textContent = text.neighbours_reading;
    else this.surroundings.refused(answer);
  }

  /** @param {Neighboured} answer */
  #show(answer) {
    const { denoised: { own, rmse: [nearest] }, count, source } = answer;
    const verdict = nearest < SAME && own > nearest ? text.neighbours_copied
      : own <= nearest ? text.neighbours_understood : text.neighbours_remembered;
    const known = source.replace(this.surroundings.ownSource, text.neighbours_own_digits);
    this.#known = true;
    this.surroundings.truth(fromBase64(answer.clean.picture));
    this.verdict.textContent = withDetails(verdict, { own: short(own), nearest: short(nearest) });
    this.searched.textContent = withDetails(
      text.neighbours_searched, { count: count.toLocaleString(language), source: known });
    this.rows.replaceChildren(...PICTURES.map((name) => rowOf(name, answer[name])));
    this.rows.dataset.updates = String(Number(this.rows.dataset.updates ?? 0) + 1);
  }
}

/** @param {number} rmse */
const short = (rmse) => rmse.toFixed(3);

/**
 * @param {'denoised' | 'noisy' | 'clean'} name
 * @param {Neighbourhood} near
 */
function rowOf(name, { picture, digits, labels, rmse, own }) {
  const titles = { denoised: text.neighbours_denoised, noisy: text.neighbours_noisy, clean: text.neighbours_clean };
  const title = titles[name];
  const [row, figure] = [make('div', { className: 'neighbours-row' }), make('figure')];
  row.dataset.picture = name;
  figure.append(painted(fromBase64(picture), title), make('figcaption', { textContent: title }));
  if (name !== 'clean') {
    figure.append(make('small', { textContent: withDetails(text.neighbours_own, { rmse: short(own) }) }));
  }
  row.append(figure, listOf(title, fromBase64(digits), labels, rmse));
  return row;
}

/**
 * @param {string} title of the picture to which they are near
 * @param {Uint8Array} pixels
 * @param {(number | null)[]} labels
 * @param {number[]} rmse
 */
function listOf(title, pixels, labels, rmse) {
  const list = make('ol');
  const said = rmse.map((each, place) => (
    withDetails(text.neighbours_one, { label: labels[place] ?? '?', rmse: short(each) })));
  for (const [place, each] of rmse.entries()) {
    const about = make('small');
    about.append(make('b', { textContent: String(labels[place] ?? '') }), ` ${short(each)}`);
    const item = make('li');
    item.append(painted(pixels.subarray(place * AREA, (place + 1) * AREA), said[place]), about);
    list.append(item);
  }
  const digits = said.join(language === 'zh' ? '；' : ', ');
  list.ariaLabel = withDetails(text.neighbours_label, { picture: title, digits });
  return list;
}

/**
 * @param {Uint8Array} pixels
 * @param {string} ariaLabel
 */
const painted = (pixels, ariaLabel) => (
  paintGrey(make('canvas', { width: SIDE, height: SIDE, role: 'img', ariaLabel }), pixels));
