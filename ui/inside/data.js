// The data: digits with labels, what they are in numbers and in bytes, what becomes of them, and what is read in them.

import { finder } from '../shared/dom.js';
import { fromBase64 } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { answered } from './data_asking.js';
import { AugmentedDigits } from './data_augmented.js';
import { Bytes } from './data_bytes.js';
import { Facts, sourceOf } from './data_facts.js';
import { pictureAt, tile } from './data_tiles.js';
import { TriedReader } from './data_tried.js';

/** @import { DataFacts, Surroundings } from '../types.d.ts' */

const MOST_SEED = 10_000;

export class Data {
  /** @type {DataFacts | null} */ #facts = null;
  #loading = false;
  #seed = 0;        // of the digits on the sheet
  #seedShown = -1;

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    const { root } = this.surroundings = surroundings;
    this.sheet = finder(root)('.data-sheet');
    this.facts = new Facts(root);
    this.bytes = new Bytes(root);
    this.augmented = new AugmentedDigits(surroundings);
    this.tried = new TriedReader(surroundings, () => this.#load());
    finder(this.sheet)('.data-others').addEventListener('click', () => {
      this.#seed = Math.floor(MOST_SEED * Math.random());
      this.#showSheet();
    });
  }

  change() {
    this.tried.offer();
    this.augmented.change();
    this.#load();
  }

  // What is not there yet, one after the other, so that a visitor takes one place of the server's.
  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      do {
        if (!this.#facts && !await this.#showFacts()) return;
        if (this.#seed !== this.#seedShown) await this.#showSheet();
        await this.tried.go();
      } while (this.#isOther());
    } finally {
      this.#loading = false;
    }
  }

  // MNIST may arrive while the page is open.
  #isOther() {
    if (!this.tried.source || this.tried.source === this.#facts?.source) return false;
    this.tried.forget();
    this.#facts = null;
    this.#seedShown = -1;
    return true;
  }

  async #showFacts() {
    const facts = await answered(this.surroundings, () => this.surroundings.server.data_facts({}));
    if (!facts) return false;
    this.#facts = facts;
    this.facts.show(facts);
    this.bytes.show(facts.head, sourceOf(facts));
    this.augmented.offer(facts.moves);
    return true;
  }

  async #showSheet() {
    const seed = this.#seed;
    const answer = await answered(this.surroundings, () => this.surroundings.server.data_sheet({ seed }));
    if (!answer || seed !== this.#seed) return;
    const pictures = fromBase64(answer.pictures);
    const list = finder(this.sheet)('.data-tiles');
    list.replaceChildren(...answer.labels.map((label, place) => (
      tile(pictureAt(pictures, place), String(label), String(label)))));
    const labels = answer.labels.join(' ');
    list.ariaLabel = withDetails(text.data_sheet_label, { count: answer.labels.length, labels });
    this.#seedShown = seed;
  }
}
