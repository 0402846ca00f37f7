// What the visitor broke in a network: each part can be mended, and one line says what all of that carries.

import { finder, make } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { text, withDetails } from '../shared/words.js';

/** @import { ChannelName, Edits, FlowCost, Refusal } from '../types.d.ts' */

/**
 * @typedef {object} Ends
 * @property {() => void} changed
 * @property {(stage: string) => string} titleOf
 * @property {(wish: Edits & { amount: number, kind: string, model: string }) => Promise<Refusal | FlowCost>} ask
 * @property {() => { amount: number, kind: string, model: string } | null} about null while nobody looks
 */

export class Broken {
  /** @type {Edits} */ edits = { cut: [], frozen: [], silenced: [] };

  /**
   * @param {HTMLElement} root
   * @param {Ends} ends
   */
  constructor(root, ends) {
    this.root = root;
    this.ends = ends;
    const $ = finder(root);
    this.list = $('.flow-parts');
    this.line = $('.flow-cost');
    this.link = new Link({
      state: () => this.#wish(),
      ask: (wish) => ends.ask(wish),
      show: (answer) => { if ('edited' in answer) this.#show(answer); },
      lost: () => {},  // the pictures say so
    });
    $('.flow-mend').addEventListener('click', () => { this.clear(); ends.changed(); });
    this.#describe();
  }

  get any() { return Object.values(this.edits).some((parts) => parts.length > 0); }

  clear() {
    this.edits = { cut: [], frozen: [], silenced: [] };
    this.link.forget();
    this.#describe();
  }

  /**
   * @param {[string, string]} skip
   * @param {boolean} is
   */
  cut(skip, is) { this.#change('cut', skip, is); }

  /**
   * @param {string} stage
   * @param {boolean} is
   */
  freeze(stage, is) { this.#change('frozen', stage, is); }

  /**
   * @param {ChannelName} channel
   * @param {boolean} is
   */
  silence({ stage, channel }, is) { this.#change('silenced', [stage, channel], is); }

  /**
   * @param {keyof Edits} kind
   * @param {string | [string, string | number]} part
   * @param {boolean} is
   */
  #change(kind, part, is) {
    const same = (/** @type {unknown} */ other) => JSON.stringify(other) === JSON.stringify(part);
    const others = /** @type {unknown[]} */ (this.edits[kind]).filter((other) => !same(other));
    this.edits = { ...this.edits, [kind]: is ? [...others, part] : others };
    this.#describe();
    this.ends.changed();
  }

  // What that costs, under this noise.
  ask() {
    if (this.any) this.link.touch();
    else this.link.forget();
  }

  #wish() {
    const about = this.ends.about();
    return about && this.any ? { ...about, ...this.edits } : null;
  }

  /** @param {FlowCost} cost */
  #show({ whole, edited, digits }) {
    const lost = whole - edited;
    const words = lost < 0 ? text.flow_gain : text.flow_loss;
    this.line.textContent = withDetails(words, {
      lost: Math.abs(lost).toFixed(1), whole: whole.toFixed(1), edited: edited.toFixed(1), digits,
    });
  }

  #describe() {
    const { cut, frozen, silenced } = this.edits;
    const { titleOf } = this.ends;
    const parts = [
      ...cut.map((skip) => (
        this.#part(withDetails(text.flow_cut_part, { stage: titleOf(skip[0]) }), () => this.cut(skip, false)))),
      ...frozen.map((stage) => (
        this.#part(withDetails(text.flow_frozen_part, { stage: titleOf(stage) }), () => this.freeze(stage, false)))),
      ...silenced.map(([stage, channel]) => this.#part(
        withDetails(text.flow_silent_part, { stage: titleOf(stage), channel }),
        () => this.silence({ stage, channel }, false),
      )),
    ];
    this.list.replaceChildren(...parts);
    this.line.textContent = this.any ? text.flow_measuring : '';
    this.root.hidden = !this.any;
  }

  /**
   * @param {string} words
   * @param {() => void} mend
   */
  #part(words, mend) {
    const item = make('li');
    const button = make('button', { type: 'button', textContent: `${words} ×`, title: text.flow_mend_part });
    button.addEventListener('click', mend);
    item.append(button);
    return item;
  }
}
