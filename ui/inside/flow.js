// The flow: the digit through the network, stage by stage; and what becomes of it when a part of that is missing.

import { finder, make } from '../shared/dom.js';
import { Link } from '../shared/link.js';
import { fromBase64, paintGrey } from '../shared/pixels.js';
import { text, withDetails } from '../shared/words.js';
import { ChannelCard } from './flow_channel.js';
import { Broken } from './flow_broken.js';
import { Stages } from './flow_stages.js';
import { signed } from './maps.js';

/** @import { ChannelName, Flowed, FlowStage, FlowWish, Seen, Surroundings } from '../types.d.ts' */

const NOTE = 'conv_autoencoder';  // which has no skip connections in spite of its name

export class Flow {
  /** @type {ChannelName | null} */ #chosen = null;
  /** @type {Flowed | null} */ #flowed = null;
  #network = '';  // whose stages are shown

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    const { root, server, task, refused } = this.surroundings = surroundings;
    const $ = this.$ = finder(root);
    this.stages = new Stages($('.flow-u'), {
      choose: (chosen) => this.#choose(chosen),
      cut: (skip, cut) => this.broken.cut(skip, cut),
    });
    this.broken = new Broken($('.flow-broken'), {
      changed: () => this.change(),
      titleOf: (stage) => this.stages.titleOf(stage),
      ask: (wish) => server.flow_cost(wish),
      about: () => (surroundings.open() ? { amount: task.amount, kind: task.kind, model: this.#network } : null),
    });
    this.channel = new ChannelCard($('.flow-channel'), this.stages, {
      silence: (chosen, silent) => this.broken.silence(chosen, silent),
      freeze: (stage, frozen) => this.broken.freeze(stage, frozen),
      choose: (chosen) => this.#choose(chosen),
    });
    this.link = new Link({
      state: () => this.#wish(),
      ask: (wish) => server.flow(wish),
      show: (answer) => ('stages' in answer ? this.#show(answer) : refused(answer)),
      lost: () => task.say('lost'),
    });
    this.channelLink = new Link({
      state: () => this.#channelWish(),
      ask: async (wish) => ({ ...await server.flow_channel(wish), asked: wish }),
      show: (answer) => { if ('map' in answer && this.#isChosen(answer.asked)) this.channel.show(answer); },
      lost: () => task.say('lost'),
    });
  }

  change() {
    const { task, network } = this.surroundings;
    if (network() !== this.#network) this.#reset(network());
    if (!task.pixels) {
      this.link.forget();
      return task.empty();
    }
    this.link.touch();
    this.broken.ask();
  }

  // Another network: its parts are others.
  /** @param {string} network */
  #reset(network) {
    this.#network = network;
    this.#chosen = null;
    this.#flowed = null;
    this.broken.clear();
    this.$('.flow-note').hidden = network !== NOTE;
  }

  /** @returns {FlowWish | null} */
  #wish() {
    const { task, open } = this.surroundings;
    return open() && task.wish ? { ...task.wish, model: this.#network, ...this.broken.edits } : null;
  }

  #channelWish() {
    const wish = this.#wish();
    return wish && this.#chosen && { ...wish, ...this.#chosen };
  }

  /** @param {Flowed} answer */
  #show(answer) {
    const { root, task } = this.surroundings;
    this.#flowed = answer;
    task.show(fromBase64(answer.digit.pixels));
    this.stages.show(answer.stages, answer.skips);
    this.stages.showCut(this.broken.edits.cut);
    this.#picture('.flow-noisy', answer.noisy, text.flow_noisy);
    this.#picture('.flow-whole', answer.whole, text.flow_whole);
    this.#picture('.flow-edited', answer.edited, text.flow_edited);
    this.$('.flow-edited').hidden = !this.broken.any;
    if (!this.#chosen) this.#choose(liveliest(answer.stages[1]));
    else this.channelLink.touch();
    root.dataset.updates = String(Number(root.dataset.updates ?? 0) + 1);
  }

  /**
   * @param {string} selector
   * @param {Seen} seen
   * @param {string} title
   */
  #picture(selector, seen, title) {
    const place = finder(this.$(selector));
    const read = seen.readings.indexOf(Math.max(...seen.readings));
    const psnr = seen.equal ? '∞' : seen.psnr?.toFixed(1);
    const words = withDetails(text.flow_scored, { psnr, digit: read });
    paintGrey(place('canvas', HTMLCanvasElement), fromBase64(seen.pixels)).ariaLabel = `${title}: ${words}`;
    place('figcaption').replaceChildren(make('b', { textContent: title }), make('small', { textContent: words }));
  }

  // Another one may have been chosen meanwhile.
  /** @param {ChannelName} name */
  #isChosen({ stage, channel }) { return stage === this.#chosen?.stage && channel === this.#chosen.channel; }

  /** @param {ChannelName} chosen */
  #choose(chosen) {
    this.#chosen = chosen;
    this.stages.mark(chosen);
    const stage = this.#flowed?.stages.find(({ name }) => name === chosen.stage);
    if (stage) this.channel.choose(chosen, stage, this.broken.edits);
    this.channelLink.touch();
  }
}

// The channel of a stage whose map varies most: worth a first look.
/** @param {FlowStage} stage */
function liveliest({ name, shape, maps }) {
  const values = signed(maps);
  const area = values.length / shape[0];
  const spread = Array.from({ length: shape[0] }, (_, channel) => {
    const map = [...values.subarray(channel * area, (channel + 1) * area)];
    const mean = map.reduce((sum, value) => sum + value, 0) / area;
    return map.reduce((sum, value) => sum + (value - mean) ** 2, area === 1 ? map[0] ** 2 : 0);
  });
  return { stage: name, channel: spread.indexOf(Math.max(...spread)) };
}
