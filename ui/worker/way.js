// The way from a drawing to what is shown of it, by the same graphs as on the server, one after the other.

import { AREA, SIDE, toBase64 } from '../shared/pixels.js';

/** @import { Denoised, Pictured, Refusal, Sight, Tile, Wish } from '../types.d.ts' */
/** @typedef {import('../types.d.ts').Runtime} Runtime */
/** @typedef {import('../types.d.ts').RuntimeSession} Session */
/** @typedef {import('../types.d.ts').RuntimeTensor} Tensor */

const DRAWING = 112;  // pixels: side of what the canvas gives
const TOLD = [1, 10];  // shape of what a network is told; all zeros tell nothing
const COLD = 64;         // pictures at a time
const SPEED_TIME = 200;  // ms that passes are measured
const UNKNOWN = { psnr: null, ssim: null, equal: false };  // where there is no truth to compare with

export class Way {
  /** @type {Runtime} */ #runtime;
  /** @type {Record<string, Session>} */ #stages = {};
  /** @type {Map<string, Session>} */ #networks = new Map();

  /** @param {Runtime} runtime */
  constructor(runtime) {
    this.#runtime = runtime;
  }

  /** @param {Record<string, Uint8Array>} graphs of the stages, by their names */
  async open(graphs) {
    for (const [name, graph] of Object.entries(graphs)) this.#stages[name] = await this.#session(graph);
  }

  /**
   * A network, for which there is room; the oldest makes way.
   * @param {string} key
   * @param {Uint8Array} graph
   * @param {Uint8Array} weights
   * @param {number} most
   */
  async add(key, graph, weights, most) {
    const session = await this.#session(graph, weights);
    await this.#networks.get(key)?.release();
    this.#networks.delete(key);
    this.#networks.set(key, session);
    for (const [old, unused] of this.#networks) {
      if (this.#networks.size <= most) break;
      this.#networks.delete(old);
      await unused.release();
    }
    return [...this.#networks.keys()];
  }

  /**
   * @param {Uint8Array} graph
   * @param {Uint8Array} [weights]
   */
  #session(graph, weights) {
    const externalData = weights && [{ path: 'weights', data: weights }];
    return this.#runtime.InferenceSession.create(graph, { executionProviders: ['wasm'], externalData });
  }

  /**
   * What the server answers to the same; null where only the server knows what to do.
   * @param {Wish} wish
   * @param {(sight: Sight) => void} glimpse called as soon as the pictures are there: reading them takes as long again
   * @returns {Promise<Denoised | Refusal | null>}
   */
  async denoise(wish, glimpse) {
    const drowned = await this.#noisy(wish);
    if (drowned.photo?.data[0]) return null;
    if (drowned.ink && !drowned.ink.data[0]) return { hint: 'no_ink' };
    const start = performance.now();
    const denoised = await this.#denoised(wish, drowned);
    const ms = performance.now() - start;
    const pictures = [pixelsOf(drowned.noisy), pixelsOf(denoised)];
    const digit = drowned.digit ?? drowned.noisy;
    const { pixels, psnr, ssim } = await this.#stages.show.run({
      pictures: this.#pictures([...pictures, pixelsOf(digit)]), truth: digit,
    });
    /** @type {(place: number) => Pictured} */
    const seen = (place) => ({
      pixels: encoded(pixels, place),
      ...(wish.clean_only ? UNKNOWN : scores(Number(psnr.data[place]), Number(ssim.data[place]))),
    });
    const sight = { digit: encoded(pixels, 2), noisy: seen(0), denoised: seen(1), ms, device: 'here' };
    glimpse(sight);
    const readings = await this.#read(wish.reader, pictures);
    const [before, after] = [readings.slice(0, 10), readings.slice(10)];
    return { ...sight, noisy: { ...sight.noisy, readings: before }, denoised: { ...sight.denoised, readings: after } };
  }

  /**
   * The same with less to tell, in two thirds of the time.
   * @param {Wish} wish
   * @returns {Promise<Tile | null>}
   */
  async tile(wish) {
    const drowned = await this.#noisy(wish);
    if (drowned.photo?.data[0] || !drowned.ink?.data[0]) return null;
    const denoised = pixelsOf(await this.#denoised(wish, drowned));
    const readings = await this.#read(wish.reader, [denoised]);
    const { pixels } = await this.#stages.show.run({
      pictures: this.#pictures([pixelsOf(drowned.noisy), denoised]), truth: drowned.digit,
    });
    return { noisy: encoded(pixels, 0), denoised: encoded(pixels, 1), read: readings.indexOf(Math.max(...readings)) };
  }

  /**
   * The ms that so many pictures at a time take a network: the median of some passes, of which the first is not counted
   * where few pictures make it short.
   * @param {{ network: string, batch: number }} wish
   */
  async speed({ network, batch }) {
    const session = this.#network(network);
    const noise = Float32Array.from({ length: AREA * batch }, (_, place) => (place * 0.618034) % 1);
    /** @type {Record<string, Tensor>} */ const feeds = {
      noisy: this.#tensor('float32', noise, [batch, 1, SIDE, SIDE]),
    };
    const [, told] = TOLD;
    if (session.inputNames.includes('told')) {
      feeds.told = this.#tensor('float32', new Float32Array(told * batch), [batch, told]);
    }
    /** @type {number[]} */ const times = [];
    if (batch <= COLD) await session.run(feeds);
    for (let sum = 0; sum < SPEED_TIME; sum += times[times.length - 1]) {
      const start = performance.now();
      await session.run(feeds);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  }

  /**
   * @param {Wish} wish
   * @returns {Promise<Record<string, Tensor>>}
   */
  #noisy({ drawing, field, amount, kind, told, clean_only: clean }) {
    const canvas = this.#tensor('uint8', drawing, [DRAWING, DRAWING]);
    if (clean) return this.#stages.sample.run({ drawing: canvas });
    return this.#stages.drown.run({
      drawing: canvas,
      field: this.#tensor('float32', field ?? new Float32Array(AREA), [1, 1, SIDE, SIDE]),
      amount: this.#tensor('float32', Float32Array.of(amount), [1]),
      kind: this.#tensor('int64', BigInt64Array.of(BigInt(kind)), [1]),
      tell: this.#tensor('float32', Float32Array.of(told ? 1 : 0), [1]),
    });
  }

  /**
   * @param {Wish} wish
   * @param {Record<string, Tensor>} drowned
   */
  async #denoised({ network }, { noisy, told }) {
    const session = this.#network(network);
    /** @type {Record<string, Tensor>} */ const feeds = { noisy };
    if (session.inputNames.includes('told')) feeds.told = told ?? this.#tensor('float32', new Float32Array(10), TOLD);
    return (await session.run(feeds)).denoised;
  }

  /**
   * @param {string} reader
   * @param {Float32Array[]} pictures
   */
  async #read(reader, pictures) {
    const { readings } = await this.#network(reader).run({ pictures: this.#pictures(pictures) });
    return [...pixelsOf(readings)];
  }

  /** @param {string} key */
  #network(key) {
    const session = this.#networks.get(key);
    if (!session) throw new Error(`no network ${key}`);
    return session;
  }

  /** @param {Float32Array[]} pictures */
  #pictures(pictures) {
    const joined = new Float32Array(AREA * pictures.length);
    pictures.forEach((picture, place) => joined.set(picture, AREA * place));
    return this.#tensor('float32', joined, [pictures.length, 1, SIDE, SIDE]);
  }

  /**
   * @param {string} type
   * @param {Uint8Array | Float32Array | BigInt64Array} data
   * @param {number[]} shape
   */
  #tensor(type, data, shape) {
    return new this.#runtime.Tensor(type, data, shape);
  }
}

/** @param {Tensor} tensor */
const pixelsOf = ({ data }) => /** @type {Float32Array} */ (data);

/**
 * @param {Tensor} pixels of several pictures
 * @param {number} place of one of them
 */
const encoded = ({ data }, place) => (
  toBase64(/** @type {Uint8Array} */ (data).subarray(AREA * place, AREA * (place + 1))));

/**
 * @param {number} psnr
 * @param {number} ssim
 */
const scores = (psnr, ssim) => ({ psnr: Number.isFinite(psnr) ? psnr : null, ssim, equal: psnr === Infinity });
