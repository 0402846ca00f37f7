// The line to the server: never more than one request in flight, and always the newest state in the next one.
// That holds for a request without an answer too: the server may still be at work on it, and nothing can stop it there.
// Whatever fails is asked again, more and more rarely, and at once when the device is back on the net.
// A page that nobody sees asks for nothing until it is seen again.

const PATIENCE = 8000;   // ms; whoever waits longer than this is told so
const ASK_AGAIN = { first: 500, last: 8000 };  // ms of pause after the first failure, and at most
const REMEMBERED = 1000; // measurements kept in `stats`

/**
 * @typedef {object} Request
 * @property {number} at
 * @property {number | null} event
 * @property {boolean} stale
 * @property {Promise<number>} [glimpsed] the time when a part of the answer was painted
 */

/**
 * @template State
 * @template {{ hint?: string }} Answer
 * @typedef {object} Ends
 * @property {() => State | null} state what to ask now, null for nothing
 * @property {(state: State, glimpse: (part: any) => void) => Promise<Answer | undefined>} ask undefined where the line
 *   is cut; it may first call `glimpse` with a part of the answer
 * @property {(answer: Answer) => void} show
 * @property {(part: any) => void} [glimpse] shows a part of the answer
 * @property {() => void} lost tells the visitor that there is no answer
 * @property {(busy: boolean) => void} [busy] whether a request is in flight
 * @property {import('../types.d.ts').Timing[]} [stats]
 */

/**
 * @template State
 * @template {{ hint?: string }} Answer
 */
export class Link {
  /** @type {Ends<State, Answer>} */ #ends;
  /** @type {number | null} */ #waiting = null;  // time of the newest event that no request has carried yet
  /** @type {Request | null} */ #sent = null;    // the one in flight
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;  // until what failed is asked again
  #failures = 0;  // in a row

  /** @param {Ends<State, Answer>} ends */
  constructor(ends) {
    this.#ends = ends;
    window.addEventListener('online', () => this.#backOnline());
    document.addEventListener('visibilitychange', () => { if (!this.#sent && this.#waiting !== null) this.#send(); });
  }

  // Something changed that the answer depends on, at this time.
  touch(time = performance.now()) {
    this.#waiting = time;
    if (!this.#sent) this.#send();
    else if (performance.now() - this.#sent.at > PATIENCE) this.#ends.lost();
  }

  // What is in flight no longer matters.
  forget() {
    this.#waiting = null;
    clearTimeout(this.#timer);
    if (this.#sent) this.#sent.stale = true;
  }

  async #send() {
    if (document.hidden) return;
    const state = this.#ends.state();
    if (!state) return this.forget();
    clearTimeout(this.#timer);
    /** @type {Request} */ const request = { at: performance.now(), event: this.#waiting, stale: false };
    this.#sent = request;
    this.#waiting = null;
    this.#ends.busy?.(true);
    const late = setTimeout(() => { if (!request.stale) this.#ends.lost(); }, PATIENCE);
    const glimpse = (/** @type {any} */ part) => this.#glimpse(part, request);
    const answer = await this.#ends.ask(state, glimpse).catch(() => undefined);
    clearTimeout(late);
    if (request !== this.#sent) return;  // given up
    this.#sent = null;
    if (answer && !request.stale) this.#paint(answer, request);
    const failed = !answer || answer.hint === 'busy';
    if (failed) return this.#failed(request, Boolean(answer));
    this.#failures = 0;
    if (this.#waiting !== null) this.#send();
    else this.#ends.busy?.(false);
  }

  /**
   * @param {Request} request
   * @param {boolean} answered
   */
  #failed(request, answered) {
    this.#ends.busy?.(false);
    if (!request.stale) this.#waiting ??= request.event;
    if (this.#waiting === null) return;
    if (!answered) this.#ends.lost();
    const pause = Math.min(ASK_AGAIN.last, ASK_AGAIN.first * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.#send(), pause);
  }

  // Whatever was in flight went nowhere.
  #backOnline() {
    if (this.#sent && !this.#sent.stale) this.#waiting ??= this.#sent.event;
    this.#sent = null;
    this.#failures = 0;
    if (this.#waiting !== null) this.#send();
    else this.#ends.busy?.(false);
  }

  /**
   * @param {any} part
   * @param {Request} request
   */
  #glimpse(part, request) {
    if (request !== this.#sent || request.stale) return;
    this.#ends.glimpse?.(part);
    if (this.#ends.stats) request.glimpsed = nextFrame();
  }

  /**
   * @param {Answer} answer
   * @param {Request} request
   */
  async #paint(answer, request) {
    const trip = performance.now() - request.at;
    this.#ends.show(answer);
    const { stats } = this.#ends;
    if (!stats) return;
    // From the newest event of pen or slider to the painted frame.
    const whole = await nextFrame() - (request.event ?? 0);
    const latency = request.glimpsed ? await request.glimpsed - (request.event ?? 0) : whole;
    stats.push({ latency, whole, trip });
    if (stats.length > REMEMBERED) stats.shift();
  }
}

// The time when the page has painted its next frame. A callback of requestAnimationFrame still runs before that; a
// message sent from there is received after it. When the screen then lights up, no script can know.
/** @returns {Promise<number>} */
export function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done(performance.now());
    };
    port2.postMessage(null);
  }));
}
