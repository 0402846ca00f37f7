// The line to the server: never more than one request in flight, and always the newest state in the next one.

const PATIENCE = 8000;   // ms; a request older than this is given up when there is something newer to ask
const REMEMBERED = 1000; // measurements kept for whoever wants to look at window.denoiserStats

class Link {
  // `state()` gives what to ask now; `ask(state)` promises an answer, undefined where the line is cut.
  constructor({ state, ask, show, lost, busy }) {
    Object.assign(this, { state, ask, show, lost, busy });
    this.waiting = null;  // time of the newest event that no request has carried yet
    this.sent = null;     // the request in flight
    window.denoiserStats = [];
  }

  touch(time = performance.now()) {
    this.waiting = time;
    if (this.sent && performance.now() - this.sent.at > PATIENCE) this.sent = null;
    if (!this.sent) this.#send();
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
    if (this.sent !== request) return;  // given up meanwhile
    this.sent = null;
    if (!answer) this.lost();  // the next input tries again
    else if (!request.stale) this.#paint(answer, request);
    if (answer && this.waiting !== null) this.#send();
    else this.busy(false);
  }

  #paint(answer, request) {
    const answered = performance.now();
    this.show(answer);
    requestAnimationFrame(() => {
      window.denoiserStats.push({
        latency: performance.now() - request.event,  // from the newest pen or slider event to the painted frame
        trip: answered - request.at,
      });
      if (window.denoiserStats.length > REMEMBERED) window.denoiserStats.shift();
    });
  }
}
