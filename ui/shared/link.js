// The line to the server: never more than one request in flight, and always the newest state in the next one.
// That holds for a request without an answer too: the server may still be at work on it, and nothing can stop it there.
// Whatever fails is asked again, more and more rarely, and at once when the device is back on the net.

const PATIENCE = 8000;   // ms; whoever waits longer than this is told so
const ASK_AGAIN = { first: 500, last: 8000 };  // ms of pause after the first failure, and at most
const REMEMBERED = 1000; // measurements kept in `stats`

class Link {
  // `state()` gives what to ask now, null for nothing; `ask(state)` promises an answer, undefined where the line is cut.
  constructor({ state, ask, show, lost, busy, stats = [] }) {
    Object.assign(this, { state, ask, show, lost, busy, stats });
    this.waiting = null;  // time of the newest event that no request has carried yet
    this.sent = null;     // the request in flight
    this.failures = 0;    // in a row
    this.timer = null;    // until what failed is asked again
    window.addEventListener('online', () => this.#backOnline());
  }

  touch(time = performance.now()) {
    this.waiting = time;
    if (!this.sent) this.#send();
    else if (performance.now() - this.sent.at > PATIENCE) this.lost();
  }

  // What is in flight no longer matters.
  forget() {
    this.waiting = null;
    clearTimeout(this.timer);
    if (this.sent) this.sent.stale = true;
  }

  async #send() {
    const state = this.state();
    if (!state) return this.forget();
    clearTimeout(this.timer);
    const request = this.sent = { at: performance.now(), event: this.waiting, stale: false };
    this.waiting = null;
    this.busy(true);
    const late = setTimeout(() => { if (!request.stale) this.lost(); }, PATIENCE);
    const answer = await this.ask(state).catch(() => undefined);
    clearTimeout(late);
    if (request !== this.sent) return;  // given up
    this.sent = null;
    if (answer && !request.stale) this.#paint(answer, request);
    const failed = !answer || answer.hint === 'busy';
    if (failed) return this.#failed(request, Boolean(answer));
    this.failures = 0;
    if (this.waiting !== null) this.#send();
    else this.busy(false);
  }

  #failed(request, answered) {
    this.busy(false);
    if (!request.stale) this.waiting ??= request.event;
    if (this.waiting === null) return;
    if (!answered) this.lost();
    const pause = Math.min(ASK_AGAIN.last, ASK_AGAIN.first * 2 ** this.failures++);
    this.timer = setTimeout(() => this.#send(), pause);
  }

  // Whatever was in flight went nowhere.
  #backOnline() {
    if (this.sent && !this.sent.stale) this.waiting ??= this.sent.event;
    this.sent = null;
    this.failures = 0;
    if (this.waiting !== null) this.#send();
    else this.busy(false);
  }

  async #paint(answer, request) {
    const trip = performance.now() - request.at;
    this.show(answer);
    const latency = await nextFrame() - request.event;  // from the newest pen or slider event to the painted frame
    this.stats.push({ latency, trip });
    if (this.stats.length > REMEMBERED) this.stats.shift();
  }
}

// The time when the page has painted its next frame. A callback of requestAnimationFrame still runs before that; a
// message sent from there is received after it. When the screen then lights up, no script can know.
function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done(performance.now());
    };
    port2.postMessage(null);
  }));
}
