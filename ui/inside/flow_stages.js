// The stages of a network, laid out along its U: each size of picture a row, down on the left and up on the right.

import { make } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';
import { layoutOf, paintMaps, signed } from './maps.js';

/** @import { ChannelName, FlowStage } from '../types.d.ts' */
/** @import { Layout } from './maps.js' */

/**
 * @typedef {object} Ends
 * @property {(name: ChannelName) => void} choose
 * @property {(skip: [string, string], cut: boolean) => void} cut
 */

/** @typedef {{ canvas: HTMLCanvasElement, mark: HTMLElement, layout: Layout, title: string }} Tile */

export class Stages {
  /** @type {Map<string, Tile>} */ #tiles = new Map();
  #drawn = '';  // which stages are there

  /**
   * @param {HTMLElement} place
   * @param {Ends} ends
   */
  constructor(place, ends) {
    this.place = place;
    this.ends = ends;
  }

  /**
   * @param {FlowStage[]} stages
   * @param {[string, string][]} skips
   */
  show(stages, skips) {
    const drawn = JSON.stringify([stages.map(({ name, shape }) => [name, shape]), skips]);
    if (drawn !== this.#drawn) this.#build(stages, skips);
    this.#drawn = drawn;
    for (const { name, maps } of stages) {
      const tile = this.#tiles.get(name);
      if (tile) paintMaps(tile.canvas, signed(maps), tile.layout);
    }
  }

  /** @param {string} name */
  titleOf(name) { return this.#tiles.get(name)?.title ?? name; }

  /** @param {ChannelName | null} chosen */
  mark(chosen) {
    for (const [name, { canvas, mark, layout }] of this.#tiles) {
      const is = name === chosen?.stage;
      mark.hidden = !is;
      if (!is) continue;
      const { columns, rows, channels } = layout;
      const [column, row] = [chosen.channel % columns, Math.floor(chosen.channel / columns)];
      const part = { left: column / columns, top: row / rows, width: 1 / columns, height: 1 / rows };
      for (const [side, share] of Object.entries(part)) mark.style.setProperty(side, `${100 * share}%`);
      canvas.setAttribute('aria-valuenow', String(chosen.channel));
      canvas.setAttribute('aria-valuetext', withDetails(text.flow_channel_of, { channel: chosen.channel, channels }));
    }
  }

  /**
   * @param {FlowStage[]} stages
   * @param {[string, string][]} skips
   */
  #build(stages, skips) {
    this.#tiles.clear();
    const titles = titlesOf(stages);
    const deepest = stages.map(({ shape }) => sizeOf(shape)).reduce((one, other) => Math.min(one, other));
    const bottom = stages.findLastIndex(({ shape }) => sizeOf(shape) === deepest);
    const sizes = [...new Set(stages.map(({ shape }) => sizeOf(shape)))].sort((one, other) => other - one);
    this.place.replaceChildren(...sizes.map((size) => {
      const row = make('div', { className: 'flow-row' });
      const here = stages.map((stage, at) => ({ stage, at })).filter(({ stage }) => sizeOf(stage.shape) === size);
      const [down, up] = [make('div', { className: 'flow-side' }), make('div', { className: 'flow-side' })];
      for (const { stage, at } of here) (at <= bottom ? down : up).append(this.#tile(stage, titles[at]));
      const names = here.map(({ stage }) => stage.name);
      const between = make('div', { className: 'flow-between' });
      between.append(...skips.filter(([, to]) => names.includes(to)).map((skip) => this.#skip(skip)));
      const words = make('span', { className: 'flow-size', textContent: sizeWords(here[0].stage.shape) });
      row.append(words, down, between, up);
      row.classList.toggle('flow-deepest', size === deepest);
      return row;
    }));
  }

  /**
   * @param {FlowStage} stage
   * @param {string} title
   */
  #tile({ name, shape }, title) {
    const layout = layoutOf(shape);
    const canvas = make('canvas', { tabIndex: 0, role: 'slider', ariaLabel: `${title}, ${shape.join('×')}` });
    canvas.setAttribute('aria-valuemin', '0');
    canvas.setAttribute('aria-valuemax', String(layout.channels - 1));
    canvas.setAttribute('aria-valuenow', '0');
    const mark = make('span', { className: 'flow-mark', hidden: true });
    const frame = make('div', { className: 'flow-frame' });
    frame.append(canvas, mark);
    const tile = make('figure', { className: 'flow-stage' });
    tile.dataset.stage = name;
    tile.style.setProperty('--columns', String(layout.columns));
    tile.classList.toggle('flow-single', layout.channels === 1);
    const caption = make('figcaption');
    caption.append(make('b', { textContent: title }), make('small', { textContent: `${shape.join('×')}` }));
    tile.append(frame, caption);
    this.#listen(canvas, name, layout);
    this.#tiles.set(name, { canvas, mark, layout, title });
    return tile;
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string} name
   * @param {Layout} layout
   */
  #listen(canvas, name, { channels, columns, rows }) {
    const choose = (/** @type {number} */ channel) => this.ends.choose({ stage: name, channel });
    canvas.addEventListener('click', ({ offsetX, offsetY }) => {
      const [column, row] = [
        Math.floor(columns * offsetX / canvas.clientWidth), Math.floor(rows * offsetY / canvas.clientHeight),
      ];
      choose(Math.max(0, Math.min(channels - 1, row * columns + column)));
    });
    canvas.addEventListener('keydown', (event) => {
      const now = Number(canvas.getAttribute('aria-valuenow'));
      /** @type {Record<string, number>} */
      const moves = {
        ArrowLeft: now - 1, ArrowRight: now + 1, ArrowUp: now - columns, ArrowDown: now + columns,
        Home: 0, End: channels - 1, Enter: now, ' ': now,
      };
      const next = moves[event.key];
      if (next === undefined) return;
      event.preventDefault();
      if (next >= 0 && next < channels) choose(next);
    });
  }

  /** @param {[string, string]} skip */
  #skip(skip) {
    const label = make('label', { className: 'flow-skip', title: text.flow_skip_about });
    const box = make('input', { type: 'checkbox', checked: true });
    box.dataset.skip = skip.join(' ');
    box.addEventListener('input', () => this.ends.cut(skip, !box.checked));
    label.append(box, make('span', { textContent: text.flow_skip }));
    return label;
  }

  // As the visitor changed the network.
  /** @param {[string, string][]} cut */
  showCut(cut) {
    const names = cut.map((skip) => skip.join(' '));
    for (const box of this.place.querySelectorAll('.flow-skip input')) {
      if (box instanceof HTMLInputElement) box.checked = !names.includes(box.dataset.skip ?? '');
    }
  }
}

// What they are called, with a number where several are called alike.
/** @param {FlowStage[]} stages */
export function titlesOf(stages) {
  const plain = stages.map(({ type }, at) => (
    at === stages.length - 1 ? text.flow_last : (text[`flow_type.${type}`] ?? type)));
  return plain.map((title, at) => (
    plain.filter((other) => other === title).length === 1 ? title
      : `${title} ${plain.slice(0, at + 1).filter((other) => other === title).length}`));
}

/** @param {number[]} shape */
const sizeOf = (shape) => (shape.length === 3 ? shape[1] * shape[2] : shape[0]);
/** @param {number[]} shape */
const sizeWords = (shape) => (shape.length === 3 ? `${shape[1]}×${shape[2]}` : String(shape[0]));
