// CPU against GPU against this browser: the same network on all of them, with few and with many pictures at a time.

import { finder, make } from '../shared/dom.js';
import { Engine, canCompute } from '../shared/engine.js';
import { text, withDetails } from '../shared/words.js';
import { SpeedPlot } from './speed_plot.js';

/** @import { Refusal, SpeedAnswer, SpeedProps, Speeds, SpeedWish } from '../types.d.ts' */

const AGAIN = 700;     // ms until who was busy is asked again
const LONGEST = 0.5;   // seconds of a batch, after which a larger one would take too long
const BROWSER = 'browser';

/**
 * @typedef {object} Surroundings
 * @property {(wish: SpeedWish) => Promise<Refusal | SpeedAnswer>} ask
 * @property {() => boolean} open whether anybody looks
 * @property {string[]} networks
 * @property {(refusal: Refusal | null) => void} refused null where there was no answer
 * @property {() => void} answered
 * @property {SpeedProps} props
 */

export class Speed {
  /** @type {Speeds[]} */ #ways = [];
  #wanted = false;
  #running = false;

  /**
   * @param {HTMLElement} root
   * @param {Surroundings} surroundings
   */
  constructor(root, surroundings) {
    const $ = this.$ = finder(root);
    const { props, networks } = this.surroundings = surroundings;
    this.network = $('.speed-network', HTMLSelectElement);
    this.button = $('.speed-go', HTMLButtonElement);
    for (const name of networks) this.network.add(new Option(text[`model.${name}`] ?? name, name));
    const words = { across: text.speed_across, up: text.speed_up };
    this.plot = new SpeedPlot($('.speed-curves svg', SVGSVGElement), props.batches[props.batches.length - 1], words);
    $('.speed-used').textContent = withDetails(text.speed_used, { device: text[`way_${props.used}`] });
    this.button.addEventListener('click', () => this.#press());
    this.network.addEventListener('input', () => { this.#wanted = false; });
    this.#show();
  }

  #press() {
    this.#wanted = !this.#wanted;
    if (this.#wanted && !this.#running) this.#run();
    this.#show();
  }

  get #goesOn() { return this.#wanted && this.surroundings.open(); }

  async #run() {
    const network = this.network.value;
    const ways = [...Object.keys(this.surroundings.props.most), BROWSER];
    this.#ways = ways.map((way) => ({ way, hardware: '', failed: false, points: [] }));
    this.#running = true;
    try {
      for (const speeds of this.#ways) {
        if (speeds.way === BROWSER) await this.#here(network, speeds);
        else await this.#climb(speeds, (batch) => this.#there({ network, way: speeds.way, batch }, speeds));
      }
    } finally {
      this.#running = this.#wanted = false;
      this.#show();
    }
  }

  /**
   * Larger and larger batches, until one takes too long or fails.
   * @param {Speeds} speeds
   * @param {(batch: number) => Promise<number | null>} timed seconds; null where it cannot
   */
  async #climb(speeds, timed) {
    const { batches, most } = this.surroundings.props;
    for (const batch of batches.filter((each) => each <= (most[speeds.way] ?? Infinity))) {
      const seconds = this.#goesOn ? await timed(batch) : null;
      if (seconds === null) return;
      speeds.points.push({ batch, perSecond: batch / seconds });
      this.#show();
      if (seconds > LONGEST) return;
    }
  }

  /**
   * @param {SpeedWish} wish
   * @param {Speeds} speeds
   */
  async #there(wish, speeds) {
    while (this.#goesOn) {
      const answer = await this.surroundings.ask(wish).catch(() => null);
      if (answer && 'seconds' in answer) {
        speeds.hardware = answer.hardware;
        this.surroundings.answered();
        return answer.seconds;
      }
      this.surroundings.refused(answer);
      if (answer && answer.hint !== 'busy') return null;
      await new Promise((done) => { setTimeout(done, AGAIN); });
    }
    return null;
  }

  /**
   * In a worker of its own, which ends with it.
   * @param {string} network
   * @param {Speeds} speeds
   */
  async #here(network, speeds) {
    if (!this.#goesOn) return;
    const { worker } = this.surroundings.props;
    const files = worker.networks[network];
    speeds.failed = !canCompute() || !files;
    if (speeds.failed) return;
    const engine = new Engine(worker);
    try {
      await engine.load(network, files);
      await this.#climb(speeds, async (batch) => await engine.speed({ network, batch }) / 1000);
    } catch (problem) {
      console.info(`This browser's speed was not measured: ${problem}`);
      speeds.failed = true;
    } finally {
      engine.close();
    }
  }

  #show() {
    this.button.textContent = this.#wanted ? text.measure_stop : text.speed_go;
    this.$('.speed-curves').hidden = !this.#ways.length;
    this.plot.show(this.#ways);
    this.$('.speed-curves ol').replaceChildren(...this.#ways.map((speeds) => {
      const item = make('li', { textContent: text[`way_${speeds.way}`] });
      item.dataset.way = speeds.way;
      item.append(make('small', { textContent: wordsOf(speeds) }), make('small', { textContent: speeds.hardware }));
      return item;
    }));
    const told = this.#ways.map((speeds) => `${text[`way_${speeds.way}`]}: ${wordsOf(speeds)}`);
    this.plot.svg.setAttribute('aria-label', [text.speed_curves, ...told].join('. '));
  }
}

/** @param {Speeds} speeds */
function wordsOf({ points, failed }) {
  if (!points.length) return failed ? text.speed_cannot : text.speed_waits;
  const best = points.reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
  return withDetails(text.speed_best, {
    count: Math.round(best.perSecond).toLocaleString(), batch: best.batch.toLocaleString(),
  });
}
