// Where a picture is computed: in this browser, by the same graphs as on the server, or there. The quicker of both, by
// what was measured for this visitor, unless the visitor chooses; and the server wherever the browser cannot.

import { Engine, canCompute } from '../shared/engine.js';
import { toBase64 } from '../shared/pixels.js';
import { Times, areAlike } from './compared.js';
import { filesOf, keyOf, keysOf } from './needed.js';
import { NoiseFields } from './noise.js';

/** @import { Denoised, DrawProps, DrawServer, NetworkFiles, Refusal, Sight, State, Wish } from '../types.d.ts' */
/** @typedef {'auto' | 'here' | 'server'} Choice */

const SWITCHED_AT = 1.2; // times as quick: so that it does not go to and fro
const RETRY = 30_000;    // ms after which what could not be fetched is asked for again
const PATIENCE = 2000;   // ms for the server, where the browser could answer as well

/**
 * @typedef {object} Surroundings
 * @property {DrawProps} props
 * @property {DrawServer} server
 * @property {() => State | null} state what is to be computed now
 * @property {() => void} changed called when it may now be computed elsewhere
 * @property {(hint: string) => void} say
 */

export class Computing {
  /** @type {Choice} */ choice = 'auto';
  /** @type {Engine | null} */ engine = null;
  /** @type {Map<string, 'coming' | 'later' | 'no' | 'yes'>} */ #networks = new Map();  // by both keys: alike, or not
  /** @type {'here' | 'server'} */ #side = 'server';
  playing = () => false;  // whether so many pictures are wanted that none is asked of the server
  #told = false;    // that the browser cannot

  /** @param {Surroundings} surroundings */
  constructor(surroundings) {
    this.surroundings = surroundings;
    this.noise = new NoiseFields();
    this.times = { here: new Times(), server: new Times() };
    window.addEventListener('online', () => { this.#forget('later'); this.prepare(); });
  }

  // Once the page has nothing else to do. Whoever saves data is not sent four megabytes without a wish.
  start() {
    if (!canCompute()) return;
    this.engine = new Engine(this.surroundings.props.worker);
    this.prepare();
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.choice = choice;
    this.prepare();
  }

  get #wanted() {
    if (this.choice === 'server' || !this.engine || this.engine.broken) return false;
    return this.choice === 'here' || !(/** @type {any} */ (navigator).connection?.saveData);
  }

  /**
   * Why only the server can: the name of a reason, or null.
   * @param {State} state
   */
  reason(state) {
    if (!this.engine || this.engine.broken) return 'cannot';
    if (!state.clean_only && !this.#distribution(state)) return 'poisson';
    return this.#networks.get(keyOf(state)) === 'no' ? 'network' : null;
  }

  get reasonNow() {
    const state = this.surroundings.state();
    return state && this.reason(state);
  }

  /** @param {State} state */
  #distribution({ kind }) {
    return this.surroundings.props.worker.fields[kind] ?? null;
  }

  /**
   * The answer to a state, wherever it comes from.
   * @param {State} state
   * @param {(sight: Sight) => void} glimpse called as soon as the pictures are there, before they are read
   * @returns {Promise<Denoised | Refusal | undefined>}
   */
  async ask(state, glimpse) {
    const ours = this.#goesHere(state) ? await this.#here(state, glimpse).catch(this.#failed) : undefined;
    if (ours) return ours;
    const answer = await this.#inTime(state).catch(() => undefined);
    if (!isAnswer(answer)) return this.#withoutServer(state, glimpse);
    if ('noisy' in answer) this.prepare();
    return ours === null ? { ...answer, why: 'photo' } : answer;
  }

  /**
   * The same picture under another amount of noise; null where this browser does not compute it.
   * @param {State} state
   * @param {number} amount
   */
  async tile(state, amount) {
    if (state.clean_only || !this.#canHere(state)) return null;
    return /** @type {Engine} */ (this.engine).tile(this.#wish({ ...state, amount }));
  }

  // Whether this browser can compute what is drawn now.
  get canBeHere() {
    const state = this.surroundings.state();
    return state !== null && this.#canHere(state);
  }

  /**
   * Of the noise that is drawn here; null where there is none.
   * @param {State} state
   */
  distributionOf(state) {
    return state.clean_only ? null : this.#distribution(state);
  }

  /** @param {State} state */
  #goesHere(state) {
    return this.#canHere(state) && (this.choice === 'here' || this.playing() || this.#quicker() === 'here');
  }

  /** @param {State} state */
  #canHere(state) {
    return this.#wanted && this.#isThere(state) && this.#networks.get(keyOf(state)) === 'yes';
  }

  // The server's answer; undefined where it is late and the browser need not wait for it.
  /**
   * @param {State} state
   * @returns {Promise<Denoised | Refusal | undefined>}
   */
  #inTime(state) {
    return new Promise((done, failed) => {
      const timer = setTimeout(() => { if (this.#canHere(state)) done(undefined); }, PATIENCE);
      this.#there(state).then(done, failed).finally(() => clearTimeout(timer));
    });
  }

  /**
   * The server was the quicker one, and is silent: from now on it is slower than anything, until it answers again.
   * @param {State} state
   * @param {(sight: Sight) => void} glimpse
   */
  async #withoutServer(state, glimpse) {
    this.times.server = new Times();
    if (!this.#canHere(state)) return undefined;
    return (await this.#here(state, glimpse).catch(this.#failed)) ?? undefined;
  }

  #quicker() {
    const [here, server] = [this.times.here.median, this.times.server.median];
    if (this.#side === 'server' ? here < server : here < SWITCHED_AT * server) this.#side = 'here';
    else this.#side = 'server';
    return this.#side;
  }

  /** @param {State} state */
  #isThere(state) {
    return Boolean(this.engine?.isReady(...keysOf(state)) && this.#field(state) !== undefined);
  }

  /**
   * The noise; null where there is none to add, undefined where it is not here.
   * @param {State} state
   */
  #field(state) {
    if (state.clean_only) return null;
    const distribution = this.#distribution(state);
    return distribution === null ? undefined : this.noise.get(distribution, state.seed);
  }

  /**
   * @param {State} state
   * @param {(sight: Sight) => void} [glimpse]
   * @returns {Promise<Denoised | Refusal | null>}
   */
  async #here(state, glimpse) {
    const engine = /** @type {Engine} */ (this.engine);
    const before = performance.now();
    const answer = await engine.denoise(this.#wish(state), glimpse);
    if (!answer || !('noisy' in answer)) return answer;
    this.times.here.add(performance.now() - before);
    return { ...answer, where: 'here', took: this.times.here.median };
  }

  /**
   * @param {State} state
   * @returns {Wish}
   */
  #wish(state) {
    const { drawing, amount, clean_only, told } = state;
    const [network, reader] = keysOf(state);
    const kind = this.surroundings.props.kinds.indexOf(state.kind);
    return { drawing, field: this.#field(state) ?? null, amount, kind, told, clean_only, network, reader };
  }

  /**
   * @param {State} state
   * @returns {Promise<Denoised | Refusal | undefined>}
   */
  async #there({ drawing, ...settings }) {
    const before = performance.now();
    const answer = await this.surroundings.server.denoise({ pixels: toBase64(drawing), ...settings });
    if (!answer || !('noisy' in answer)) return answer;
    this.times.server.add(performance.now() - before);
    return { ...answer, where: 'server', took: this.times.server.median };
  }

  // Fetches what the state of now would need here, and compares both sides once it is there.
  prepare() {
    const state = this.surroundings.state();
    if (!state || !this.#wanted || document.hidden || this.reason(state)) return;
    const key = keyOf(state);
    const known = this.#networks.get(key);
    const distribution = this.distributionOf(state);
    if (distribution && this.#field(state) === undefined) {
      this.noise.fetch(distribution, state.seed).then(() => this.prepare()).catch(() => {});
    }
    if (known === 'coming' || known === 'later' || (known === 'yes' && this.engine?.isReady(...keysOf(state)))) return;
    this.#networks.set(key, 'coming');
    this.#fetch(state).then((alike) => this.#networks.set(key, alike), (problem) => this.#postpone(key, problem))
      .then(() => this.surroundings.changed());
  }

  /**
   * @param {State} state
   * @returns {Promise<'yes' | 'no' | 'later'>}
   */
  async #fetch(state) {
    const engine = /** @type {Engine} */ (this.engine);
    const files = filesOf(state, this.surroundings.props.worker);
    if (!files[0] || !files[1]) return 'no';
    const keys = keysOf(state);
    for (const place of [0, 1]) {
      if (!engine.isReady(keys[place])) await engine.load(keys[place], /** @type {NetworkFiles} */ (files[place]));
    }
    const distribution = this.distributionOf(state);
    if (distribution) await this.noise.fetch(distribution, state.seed);
    return this.#compare(state);
  }

  /**
   * @param {State} state
   * @returns {Promise<'yes' | 'no'>}
   */
  async #compare(state) {
    const engine = /** @type {Engine} */ (this.engine);
    await engine.warm(this.#wish(state));
    const [theirs, ours] = [await this.#there(state), await this.#here(state)];
    if (!ours || !theirs || !('noisy' in theirs)) throw new Error('nothing to compare');
    if ('noisy' in ours && areAlike(ours, theirs)) return 'yes';
    this.#tell('differs');
    return 'no';
  }

  /**
   * @param {string} key
   * @param {unknown} problem
   */
  #postpone(key, problem) {
    const refused = /^Error: Error: 40\d/.test(String(problem));
    this.#networks.set(key, refused ? 'no' : 'later');
    if (refused) return;
    if (this.engine?.broken) this.#tell('cannot');
    setTimeout(() => { this.#forget('later'); this.prepare(); }, RETRY);
  }

  /** @param {string} what is known of some networks, so that it is found out anew */
  #forget(what) {
    for (const [key, known] of this.#networks) if (known === what) this.#networks.delete(key);
  }

  #failed = (/** @type {unknown} */ problem) => {
    console.info(`Computed on the server: ${problem}`);
    this.#networks.clear();
    if (this.engine?.broken) this.#tell('cannot');
  };

  /** @param {string} what */
  #tell(what) {
    if (this.#told) return;
    this.#told = true;
    this.surroundings.say(`computing_${what}`);
  }
}

/**
 * @param {Refusal | Denoised | undefined} answer
 * @returns {answer is Refusal | Denoised}
 */
const isAnswer = (answer) => Boolean(answer && ('noisy' in answer || answer.hint || answer.error));
