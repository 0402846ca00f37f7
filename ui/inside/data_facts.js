// What is known of all digits: how many of each there are, how bright their pixels, and their mean pictures.

import { finder, make } from '../shared/dom.js';
import { fromBase64 } from '../shared/pixels.js';
import { language, text, withDetails } from '../shared/words.js';
import { drawBars } from './data_bars.js';
import { pictureAt, tile } from './data_tiles.js';

/** @import { DataFacts } from '../types.d.ts' */

const BINS = 32;
const LEVELS = 256;
const STEP = LEVELS / BINS;

const whole = new Intl.NumberFormat(language);
const percent = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

/** @param {number[]} values */
const sum = (values) => values.reduce((all, value) => all + value, 0);

/** @param {DataFacts} facts */
export const sourceOf = ({ own, source }) => (own ? text.data_own : source);

export class Facts {
  /** @type {DataFacts | null} */ #facts = null;
  #split = 'train';

  /** @param {HTMLElement} root */
  constructor(root) {
    const $ = this.$ = finder(root);
    this.log = $('.data-log', HTMLInputElement);
    this.log.addEventListener('input', () => this.#showLevels());
  }

  /** @param {DataFacts} facts */
  show(facts) {
    this.#facts = facts;
    const count = whole.format(facts.digits);
    const said = withDetails(text.data_source, { source: sourceOf(facts), split: text.data_test, count });
    for (const name of ['.data-source', '.data-of']) this.$(name).textContent = said;
    this.$('.data-mean').textContent = facts.mean.toFixed(4);
    this.$('.data-deviation').textContent = facts.deviation.toFixed(4);
    this.$('.data-black').textContent = `${percent.format(100 * facts.black)} %`;
    const means = fromBase64(facts.means);
    const names = [text.data_all, ...Array.from({ length: 10 }, (_, digit) => String(digit))];
    const tiles = names.map((name, place) => tile(pictureAt(means, place), name, `${text.data_mean}: ${name}`));
    this.$('.data-means').replaceChildren(...tiles);
    if (!facts.counts[this.#split]) this.#split = 'test';
    this.#showClasses();
    this.#showLevels();
  }

  #showClasses() {
    const { counts } = /** @type {DataFacts} */ (this.#facts);
    /** @type {Record<string, string>} */
    const names = { train: text.data_train, validation: text.data_validation, test: text.data_test };
    const known = Object.keys(names).filter((split) => counts[split]);
    this.$('.data-splits').replaceChildren(...known.map((split) => this.#button(split, names[split])));
    const chosen = counts[this.#split];
    const bars = chosen.map((value, digit) => (
      { value, over: String(value), under: String(digit), says: `${digit}: ${whole.format(value)}` }));
    const svg = this.$('.data-classes svg', SVGSVGElement);
    drawBars(svg, bars, { across: text.data_digit, up: text.data_pictures });
    const count = whole.format(sum(chosen));
    const said = bars.map(({ says }) => says).join(', ');
    svg.ariaLabel = withDetails(text.data_classes_label, { split: names[this.#split], count, counts: said });
  }

  /**
   * @param {string} split
   * @param {string} name
   */
  #button(split, name) {
    const button = make('button', { type: 'button', textContent: name, ariaPressed: String(split === this.#split) });
    button.dataset.split = split;
    button.addEventListener('click', () => {
      this.#split = split;
      this.#showClasses();
      finder(this.$('.data-splits'))(`[data-split="${split}"]`).focus();
    });
    return button;
  }

  #showLevels() {
    if (!this.#facts) return;
    const { levels } = this.#facts;
    const bars = Array.from({ length: BINS }, (_, bin) => {
      const [low, high] = [bin * STEP, (bin + 1) * STEP - 1];
      const value = sum(levels.slice(low, high + 1));
      return { value, under: bin % 8 ? '' : String(low), says: `${low}–${high}: ${whole.format(value)}` };
    });
    const svg = this.$('.data-levels svg', SVGSVGElement);
    const logarithmic = this.log.checked;
    drawBars(svg, bars, { across: text.data_level, up: text.data_pixels, logarithmic });
    const [black, white] = [levels[0], levels[LEVELS - 1]].map((count) => count / sum(levels));
    const shares = { black, white, grey: 1 - black - white };
    const said = Object.entries(shares).map(([name, share]) => [name, percent.format(100 * share)]);
    svg.ariaLabel = withDetails(text.data_levels_label, Object.fromEntries(said));
  }
}
