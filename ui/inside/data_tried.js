// A classifier tried on test digits: some of them with what it reads, and how many of all it reads rightly.

import { finder } from '../shared/dom.js';
import { ownNetworks } from '../shared/own.js';
import { AREA, fromBase64 } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { answered } from './data_asking.js';
import { pictureAt, tile } from './data_tiles.js';

/** @import { Surroundings } from '../types.d.ts' */
/** @typedef {{ label: number, read: number, sure: number }} Tried */

const SHOWN = 24;
const ENOUGH = 500;  // digits for a score; those who look for wrong ones go on

export class TriedReader {
  /** @type {Tried[]} by the place of the digit */ #tried = [];
  /** @type {number[]} the places of enough, in random order */ #order = [];
  /** @type {Map<number, { pixels: Uint8Array, label: number }>} by place */ #pictures = new Map();
  /** @type {number[]} places */ #shown = [];
  #reader = '';  // whose readings these are
  #of = 0;       // digits that there are to be tried on
  #from = 0;     // the first that is shown, of those that can be
  source = '';   // of these digits

  /**
   * @param {Surroundings} surroundings
   * @param {() => void} changed
   */
  constructor(surroundings, changed) {
    this.surroundings = surroundings;
    const $ = finder(finder(surroundings.root)('.data-read'));
    this.readers = $('.data-reader', HTMLSelectElement);
    this.wrong = $('.data-wrong', HTMLInputElement);
    this.others = $('.data-others', HTMLButtonElement);
    this.score = $('.data-score');
    this.list = $('.data-tried');
    this.readers.addEventListener('input', changed);
    this.wrong.addEventListener('input', () => { this.#from = 0; this.#show(); changed(); });
    this.others.addEventListener('click', () => { this.#from += SHOWN; this.#show(); });
  }

  // All that read, the visitor's own last; who was chosen stays.
  offer() {
    const chosen = this.readers.value;
    const own = ownNetworks.all.filter(({ reads }) => reads).map(({ token, name }) => new Option(name, token));
    this.readers.replaceChildren(new Option(text.data_shipped, 'default'), ...own);
    if ([...this.readers.options].some(({ value }) => value === chosen)) this.readers.value = chosen;
  }

  forget() {
    this.#reader = this.source = '';
    this.#order = [];
    this.#of = 0;
    this.#pictures.clear();
  }

  // Reads what is not read yet, some digits at a time, until all are, nobody looks, or they are other digits.
  async go() {
    while (this.surroundings.open()) {
      const reader = this.readers.value;
      if (reader !== this.#reader) this.#begin(reader);
      if (this.#of && this.#tried.length >= this.#goal) return;
      const wish = { reader, start: this.#tried.length };
      const answer = await answered(this.surroundings, () => this.surroundings.server.data_readings(wish));
      if (reader !== this.readers.value) continue;
      if (!answer) return;
      if (this.source && answer.source !== this.source) return void (this.source = answer.source);
      this.source = answer.source;
      this.#of = answer.of;
      if (!this.#order.length) this.#order = shuffled(this.#goal);
      for (const [at, label] of answer.labels.entries()) {
        this.#tried.push({ label, read: answer.read[at], sure: answer.sure[at] });
      }
      await this.#show();
    }
  }

  /** @param {string} reader */
  #begin(reader) {
    this.#reader = reader;
    this.#tried = [];
    this.#from = 0;
  }

  get #goal() { return this.wrong.checked ? this.#of : Math.min(ENOUGH, this.#of); }

  #wrongPlaces() {
    return [...this.#tried.keys()].filter((place) => this.#tried[place].read !== this.#tried[place].label);
  }

  async #show() {
    const all = this.wrong.checked ? this.#wrongPlaces() : this.#order;
    if (this.#from >= all.length) this.#from = 0;
    this.#shown = all.slice(this.#from, this.#from + SHOWN);
    this.others.disabled = all.length <= SHOWN;
    this.#say();
    await this.#fetch(this.#shown.filter((place) => !this.#pictures.has(place)));
    this.list.replaceChildren(...this.#shown.filter((place) => this.#pictures.has(place)).map((at) => this.#tile(at)));
  }

  #say() {
    const [count, all] = [this.#tried.length, this.#goal];
    if (!count) return;
    const right = count - this.#wrongPlaces().length;
    const percent = (100 * right / count).toFixed(1);
    const done = count >= all;
    const words = withDetails(done ? text.data_score : text.data_score_so_far, { right, count, all, percent });
    const none = this.wrong.checked && done && right === count;
    this.score.textContent = none ? `${words} ${text.data_none_wrong}` : words;
    this.score.ariaBusy = String(!done);  // only the end is read out
    this.score.dataset.tried = String(count);
  }

  /** @param {number[]} places */
  async #fetch(places) {
    if (!places.length) return;
    const answer = await answered(this.surroundings, () => this.surroundings.server.data_pictures({ places }));
    if (!answer) return;
    const pictures = fromBase64(answer.pictures);
    if (pictures.length !== places.length * AREA) return;
    for (const [at, place] of places.entries()) {
      this.#pictures.set(place, { pixels: pictureAt(pictures, at), label: answer.labels[at] });
    }
  }

  /** @param {number} place */
  #tile(place) {
    const { pixels, label } = /** @type {{ pixels: Uint8Array, label: number }} */ (this.#pictures.get(place));
    const tried = this.#tried[place];
    if (!tried) return tile(pixels, `${label} → …`, withDetails(text.data_tried_not_yet, { label }));
    const { read, sure } = tried;
    const wrong = read !== label;
    const details = { label, read, percent: Math.round(100 * sure) };
    const says = withDetails(wrong ? text.data_tried_wrong : text.data_tried, details);
    const item = tile(pixels, `${label} → ${read}${wrong ? ' ✗' : ''}`, says);
    item.classList.toggle('wrong', wrong);
    return item;
  }
}

/** @param {number} count */
function shuffled(count) {
  const places = Array.from({ length: count }, (_, place) => place);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor((last + 1) * Math.random());
    [places[last], places[other]] = [places[other], places[last]];
  }
  return places;
}
