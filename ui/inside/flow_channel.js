// One channel, large: its map, what it answers to, and what the next stage makes of it.

import { drawn, finder, make } from '../shared/dom.js';
import { fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { paintMap, signed } from './maps.js';

/** @import { ChannelName, Edits, FlowChannel, FlowStage, Tone } from '../types.d.ts' */
/** @import { Stages } from './flow_stages.js' */

const PLOT = 100;  // side of the plot of a tone curve, in its own units

/**
 * @typedef {object} Ends
 * @property {(chosen: ChannelName, silent: boolean) => void} silence
 * @property {(stage: string, frozen: boolean) => void} freeze
 * @property {(chosen: ChannelName) => void} choose
 */

export class ChannelCard {
  /** @type {ChannelName} */ #chosen = { stage: '', channel: 0 };
  /** @type {number[]} */ #shape = [1, 1, 1];

  /**
   * @param {HTMLElement} root
   * @param {Stages} stages
   * @param {Ends} ends
   */
  constructor(root, stages, ends) {
    this.root = root;
    this.stages = stages;
    this.ends = ends;
    const $ = this.$ = finder(root);
    this.map = $('.flow-large', HTMLCanvasElement);
    this.silent = $('.flow-silent', HTMLInputElement);
    this.frozen = $('.flow-frozen', HTMLInputElement);
    this.silent.addEventListener('input', () => ends.silence(this.#chosen, this.silent.checked));
    this.frozen.addEventListener('input', () => ends.freeze(this.#chosen.stage, this.frozen.checked));
  }

  /**
   * @param {ChannelName} chosen
   * @param {FlowStage} stage
   * @param {Edits} edits
   */
  choose(chosen, { shape, parameters }, { frozen, silenced }) {
    this.#chosen = chosen;
    this.#shape = shape;
    const { stage, channel } = chosen;
    this.root.hidden = false;
    this.silent.checked = silenced.some(([name, number]) => name === stage && number === channel);
    this.frozen.checked = frozen.includes(stage);
    this.$('.flow-title').textContent = withDetails(text.flow_channel, {
      stage: this.stages.titleOf(stage), channel, channels: shape[0], weights: parameters.toLocaleString(),
    });
  }

  /** @param {FlowChannel} found */
  show({ map, low, high, next, changes, answers, tone }) {
    const side = this.#shape[2] ?? 1;
    Object.assign(this.map, { width: side, height: this.#shape[1] ?? 1 });
    paintMap(this.map, signed(map));
    const range = withDetails(text.flow_range, { low: low.toFixed(2), high: high.toFixed(2) });
    this.map.ariaLabel = `${this.$('.flow-title').textContent}. ${range}`;
    this.$('.flow-range').textContent = range;
    this.$('.flow-next').hidden = !next;
    if (next) this.#showNext(next, changes);
    this.$('.flow-answers div').replaceChildren(...answers.map(({ pixels, side: edge, activation }) => {
      const canvas = paintGrey(make('canvas', { width: edge, height: edge, role: 'img' }), fromBase64(pixels));
      canvas.title = canvas.ariaLabel = withDetails(text.flow_activation, { activation: activation.toFixed(2) });
      return canvas;
    }));
    this.$('.flow-tone').hidden = !tone;
    if (tone) this.#showTone(tone);
    this.root.dataset.shown = `${this.#chosen.stage} ${this.#chosen.channel}`;
  }

  /**
   * @param {string} next
   * @param {FlowChannel['changes']} changes
   */
  #showNext(next, changes) {
    this.$('.flow-next small').textContent = changes.length
      ? withDetails(text.flow_next_about, { stage: this.stages.titleOf(next) })
      : withDetails(text.flow_next_none, { stage: this.stages.titleOf(next) });
    this.$('.flow-next div').replaceChildren(...changes.map(({ channel, map }) => {
      const values = signed(map);
      const side = Math.sqrt(values.length);
      const canvas = make('canvas', { width: side, height: side });
      paintMap(canvas, values);
      const title = withDetails(text.flow_to_channel, { channel });
      const button = make('button', { type: 'button', title, ariaLabel: title });
      button.append(canvas, make('small', { textContent: String(channel) }));
      button.addEventListener('click', () => this.ends.choose({ stage: next, channel }));
      return button;
    }));
  }

  // Brightness in, brightness out; thin for the same digit with less noise and with more.
  /** @param {Tone} tone */
  #showTone({ slope, offset, others, shares }) {
    const svg = this.$('.flow-tone svg', SVGSVGElement);
    svg.replaceChildren();
    const most = Math.max(...shares);
    for (const [at, share] of shares.entries()) {
      const height = 30 * share / most;
      drawn('rect', { x: at * PLOT / shares.length, y: PLOT - height, width: PLOT / shares.length - 0.6, height }, svg);
    }
    drawn('path', { class: 'flow-axes', d: `M0 0V${PLOT}H${PLOT}` }, svg);
    for (const [, a, b] of others) drawn('path', { class: 'flow-thin', d: curve(a, b) }, svg);
    drawn('path', { class: 'flow-curve', d: curve(slope, offset) }, svg);
    const half = (0.5 - offset) / slope;  // the brightness at which it is half bright
    const turns = slope > 0 ? text.flow_tone_bright : text.flow_tone_dark;
    const words = half > 0 && half < 1 ? turns : text.flow_tone_never;
    const line = withDetails(words, { half: Math.round(100 * half), steep: Math.abs(slope).toFixed(1) });
    svg.setAttribute('aria-label', line);
    this.$('.flow-tone small').textContent = line;
  }
}

/**
 * clip(slope · pixel + offset, 0, 1), as a path.
 * @param {number} slope
 * @param {number} offset
 */
function curve(slope, offset) {
  const points = Array.from({ length: 101 }, (_, at) => {
    const y = Math.max(0, Math.min(1, slope * at / 100 + offset));
    return `${at} ${(PLOT * (1 - y)).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
