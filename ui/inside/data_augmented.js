// What augmentation makes of the digit above.

import { finder } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { fromBase64, toBase64 } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { pictureAt, tile } from './data_tiles.js';

/** @import { AugmentedDigit, DataFacts, Refusal, Surroundings } from '../types.d.ts' */
/** @typedef {{ pixels: string, move: string, seed: number }} Wish */

const VERSIONS = 12;
const MOST_SEED = 10_000;

export class AugmentedDigits {
  /** @type {DataFacts['moves']} */ #moves = {};
  #seed = 0;
  #shown = '';  // the wish of what is there

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.surroundings = surroundings;
    const $ = finder(finder(surroundings.root)('.data-augmented'));
    this.move = $('.data-move', HTMLSelectElement);
    this.about = $('.data-moves');
    this.list = $('.data-versions');
    this.link = new Link({
      state: () => this.#wish(),
      ask: async (wish) => ({ ...await surroundings.server.data_augmented(wish), wish }),
      show: (answer) => this.#take(answer),
      lost: () => surroundings.task.say('lost'),
    });
    this.move.addEventListener('input', () => { this.#describe(); this.change(); });
    $('.data-others').addEventListener('click', () => {
      this.#seed = Math.floor(MOST_SEED * Math.random());
      this.change();
    });
  }

  /** @param {DataFacts['moves']} moves */
  offer(moves) {
    this.#moves = moves;
    /** @type {Record<string, string>} */
    const names = {
      train: text.data_move_train,
      rotation: text.data_move_rotation,
      shift: text.data_move_shift,
      scale: text.data_move_scale,
      slant: text.data_move_slant,
      crop: text.data_move_crop,
    };
    const chosen = this.move.value;
    this.move.replaceChildren(...Object.keys(moves).map((move) => new Option(names[move], move)));
    if (chosen) this.move.value = chosen;
    this.#describe();
    this.change();
  }

  #describe() {
    const { scale, ...rest } = this.#moves[this.move.value];
    this.about.textContent = withDetails(text.data_moves, { ...rest, scale: Math.round(100 * scale) });
  }

  change() {
    if (this.surroundings.task.pixels) return this.link.touch();
    this.link.forget();
    this.#shown = '';
    this.list.replaceChildren();
    this.surroundings.task.empty();
  }

  /** @returns {Wish | null} null where it is there already */
  #wish() {
    const { task, open } = this.surroundings;
    if (!open() || !task.pixels || !this.move.value) return null;
    const wish = { pixels: toBase64(task.pixels), move: this.move.value, seed: this.#seed };
    return JSON.stringify(wish) === this.#shown ? null : wish;
  }

  /** @param {(AugmentedDigit | Refusal) & { wish: Wish }} answer */
  #take(answer) {
    if (!('versions' in answer)) return this.surroundings.refused(answer);
    this.#shown = JSON.stringify(answer.wish);
    const digit = fromBase64(answer.digit);
    const versions = fromBase64(answer.versions);
    this.surroundings.task.show(digit);
    const places = Array.from({ length: VERSIONS }, (_, place) => place);
    const tiles = places.map((place) => tile(pictureAt(versions, place), '', text.data_version));
    this.list.replaceChildren(tile(digit, text.data_yours, text.data_yours), ...tiles);
  }
}
