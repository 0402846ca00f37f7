// The line to the server: never more than one request in flight, and always the newest state in the next one.
// That holds for a request without an answer too: the server may still be at work on it, and nothing can stop it there.

const PATIENCE = 8000;   // ms; whoever waits longer than this is told so
const REMEMBERED = 1000; // measurements kept in `stats`

class Link {
  // `state()` gives what to ask now; `ask(state)` promises an answer, undefined where the line is cut.
  constructor({ state, ask, show, lost, busy, stats = [] }) {
    Object.assign(this, { state, ask, show, lost, busy, stats });
    this.waiting = null;  // time of the newest event that no request has carried yet
    this.sent = null;     // the request in flight
  }

  touch(time = performance.now()) {
    this.waiting = time;
    if (!this.sent) this.#send();
    else if (performance.now() - this.sent.at > PATIENCE) this.lost();
  }

  // What is in flight no longer matters.
  forget() {
    this.waiting = null;
    if (this.sent) this.sent.stale = true;
  }

  async #send() {
    const request = this.sent = { at: performance.now(), event: this.waiting, stale: false };
    this.waiting = null;
    this.busy(true);
    const answer = await this.ask(this.state()).catch(() => undefined);
    this.sent = null;
    if (!answer) this.lost();  // the next input tries again
    else if (!request.stale) this.#paint(answer, request);
    if (answer && this.waiting !== null) this.#send();
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
