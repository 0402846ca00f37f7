// What runs beside the page: it fetches what it needs, and computes what the page asks for, one after the other.

import { Way } from './way.js';

/** @import { NetworkFiles, Wish } from '../types.d.ts' */

const FETCHES = ['open', 'add'];  // no picture waits for what may take a while to arrive
const WARM = 6;  // passes after which a browser has compiled what runs often

/** @type {Way | null} */ let way = null;

/** @param {string} address */
async function fetched(address, headers = {}) {
  const answer = await fetch(address, { headers });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return { data: new Uint8Array(await answer.arrayBuffer()), headers: answer.headers };
}

/** @type {Record<string, (wish: any, glimpse: (sight: unknown) => void) => Promise<unknown>>} */
const answers = {
  /** @param {{ runtime: string, wasm: string, stages: Record<string, string> }} addresses */
  async open({ runtime: script, wasm, stages }) {
    const [runtime, binary, ...graphs] = await Promise.all([
      import(script), fetched(wasm), ...Object.values(stages).map((address) => fetched(address)),
    ]);
    Object.assign(runtime.env.wasm, { numThreads: 1, wasmBinary: binary.data.buffer });
    const made = new Way(runtime);
    await made.open(Object.fromEntries(Object.keys(stages).map((name, place) => [name, graphs[place].data])));
    way = made;
  },

  /**
   * The keys of the networks that are there now.
   * @param {NetworkFiles & { key: string, base: string, most: number }} network
   */
  async add({ key, graph, base, weights, headers, most }) {
    const { data, headers: said } = await fetched(weights, headers);
    const address = graph ?? new URL(said.get('x-graph') ?? '', base).href;
    return opened().add(key, (await fetched(address)).data, data, most);
  },

  /**
   * @param {Wish} wish
   * @param {(sight: unknown) => void} glimpse
   */
  denoise: (wish, glimpse) => opened().denoise(wish, glimpse),

  /** @param {Wish} wish */
  tile: (wish) => opened().tile(wish),

  /** @param {{ network: string, batch: number }} wish */
  speed: (wish) => opened().speed(wish),

  /** @param {Wish} wish */
  async warm(wish) {
    for (let pass = 0; pass < WARM; pass++) await opened().denoise(wish, () => {});
  },
};

function opened() {
  if (!way) throw new Error('not opened');
  return way;
}

/** @type {Promise<void>} */ let line = Promise.resolve();

/** @param {{ id: number, ask: string, wish: unknown }} question */
async function reply({ id, ask, wish }) {
  try {
    self.postMessage({ id, answer: await answers[ask](wish, (sight) => self.postMessage({ id, sight })) });
  } catch (problem) {
    self.postMessage({ id, problem: String(problem) });
  }
}

self.onmessage = ({ data }) => {
  if (FETCHES.includes(data.ask)) reply(data);
  else line = line.then(() => reply(data));
};
