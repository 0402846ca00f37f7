// The page's side of the worker that computes: questions with answers, and a worker that may die or hang.

import { tried } from './tried.js';

/** @import { Denoised, NetworkFiles, Refusal, Sight, Tile, Wish, WorkerFiles } from '../types.d.ts' */

const PATIENCE = 4000;      // ms for one picture, after which the worker is taken for dead
const OPENING = 120_000;    // ms for what has to be fetched first
const MOST_NETWORKS = 6;    // that are kept ready
const RESTARTS = 1;
const WELL = 500;           // answers after which what went wrong before no longer counts

// A function that adds vectors: a browser that does not know these bytes cannot compute fast enough.
const SIMD = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

export const canCompute = () => Boolean(
  typeof Worker === 'function' && typeof WebAssembly === 'object' && tried(() => WebAssembly.validate(SIMD)),
);

/**
 * @typedef {object} Question
 * @property {(answer: any) => void} done
 * @property {(problem: Error) => void} failed
 * @property {(sight: Sight) => void} [glimpse]
 */

export class Engine {
  /** @type {WorkerFiles} */ #files;
  /** @type {Worker | null} */ #worker = null;
  /** @type {Map<number, Question>} */ #asked = new Map();
  /** @type {Map<string, Promise<void>>} */ #loading = new Map();
  /** @type {Set<string>} */ #ready = new Set();  // keys of networks
  /** @type {Promise<void> | null} */ #opened = null;
  #restarts = 0;
  #answered = 0;  // by this worker
  #next = 0;

  /** @param {WorkerFiles} files */
  constructor(files) {
    this.#files = files;
  }

  get broken() { return this.#restarts > RESTARTS; }

  /** @param {string[]} keys of networks */
  isReady(...keys) { return this.#worker !== null && keys.every((key) => this.#ready.has(key)); }

  /**
   * Makes a network ready. Rejects where it cannot be.
   * @param {string} key
   * @param {NetworkFiles} files
   */
  load(key, files) {
    const known = this.#loading.get(key);
    if (known) return known;
    const loading = this.#load(key, files).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  /**
   * @param {string} key
   * @param {NetworkFiles} files
   */
  async #load(key, { graph, weights, headers }) {
    await (this.#opened ??= this.#open());
    const files = { graph: graph && full(graph), weights: full(weights), headers, base: document.baseURI };
    this.#ready = new Set(await this.#ask('add', { key, ...files, most: MOST_NETWORKS }, OPENING));
  }

  async #open() {
    const { worker: script, runtime, wasm, stages } = this.#files;
    const worker = this.#worker = new Worker(full(script), { type: 'module' });
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(event.message ?? 'Failed to fetch the worker');  // only an error within it has words
    };
    const graphs = Object.fromEntries(Object.entries(stages).map(([name, address]) => [name, full(address)]));
    try {
      await this.#ask('open', { runtime: full(runtime), wasm: full(wasm), stages: graphs }, OPENING);
    } catch (problem) {
      if (notArrived(problem)) this.#restarts--;
      this.#end(String(problem));
      throw problem;
    }
  }

  /** @param {{ id: number, answer?: unknown, problem?: string, sight?: Sight }} message */
  #take({ id, answer, problem, sight }) {
    const question = this.#asked.get(id);
    if (sight) return question?.glimpse?.(sight);
    this.#asked.delete(id);
    if (problem !== undefined) return question?.failed(new Error(problem));
    if (++this.#answered === WELL) this.#restarts = 0;
    question?.done(answer);
  }

  /**
   * What the server would answer; null where only the server can. The networks must be ready.
   * @param {Wish} wish
   * @param {(sight: Sight) => void} [glimpse] of the pictures, before they are read
   * @returns {Promise<Denoised | Refusal | null>}
   */
  denoise(wish, glimpse) { return this.#ask('denoise', wish, PATIENCE, glimpse); }

  /**
   * @param {Wish} wish
   * @returns {Promise<Tile | null>}
   */
  tile(wish) { return this.#ask('tile', wish, PATIENCE); }

  /** @param {Wish} wish whose networks are ready */
  warm(wish) { return this.#ask('warm', wish, PATIENCE); }

  /**
   * The ms that so many pictures at a time take a network, which must be ready.
   * @param {{ network: string, batch: number }} wish
   * @returns {Promise<number>}
   */
  speed(wish) { return this.#ask('speed', wish, PATIENCE); }

  // Nothing more will be asked; its memory is given back.
  close() {
    this.#end('closed');
    this.#restarts = 0;
  }

  /**
   * @param {string} ask
   * @param {unknown} wish
   * @param {number} patience
   * @param {(sight: Sight) => void} [glimpse]
   * @returns {Promise<any>}
   */
  #ask(ask, wish, patience, glimpse) {
    const worker = this.#worker;
    if (!worker) return Promise.reject(new Error('there is no worker'));
    const id = this.#next++;
    return new Promise((done, failed) => {
      const late = setTimeout(() => this.#end(`no answer to ${ask}`), patience);
      this.#asked.set(id, {
        glimpse,
        done: (answer) => { clearTimeout(late); done(answer); },
        failed: (problem) => { clearTimeout(late); failed(problem); },
      });
      worker.postMessage({ id, ask, wish });
    });
  }

  // Whatever waits fails; the next that is loaded begins with a new worker.
  /** @param {string} why */
  #end(why) {
    if (!this.#worker) return;
    this.#worker.terminate();
    this.#worker = this.#opened = null;
    this.#restarts++;
    this.#answered = 0;
    this.#ready.clear();
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { failed } of asked) failed(new Error(why));
  }
}

/**
 * Whether something was not sent, in the words of Chromium, Firefox or Safari, or by a server that cannot just now.
 * @param {unknown} problem
 */
const notArrived = (problem) => /Failed to fetch|NetworkError|Load failed|Error: 5\d\d/.test(String(problem));

/** @param {string} address relative to the base of the page */
const full = (address) => new URL(address, document.baseURI).href;
