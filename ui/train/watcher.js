// Follows one run: six questions a second while it goes, one at a time, more slowly where nobody looks or answers.

const PACE = { running: 160, waiting: 1000, hidden: 2000 };  // ms from question to question
const ANSWER_WITHIN = 10_000;  // ms; after that the line counts as cut
const LONGEST_PAUSE = 8000;

class Watcher {
  // `ask(token, since)` promises an answer; `show(answer)` paints it; `lost()` and `found()` tell of the line;
  // `seen()` says whether anybody can see it.
  constructor({ ask, show, lost, found, gone, seen }) {
    Object.assign(this, { ask, show, lost, found, gone, seen });
    this.token = null;
    this.turn = 0;
    this.wake = () => {};
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.wake(); });
    window.addEventListener('online', () => this.wake());
  }

  follow(token) {
    this.token = token;
    this.wake();
    this.#loop(++this.turn);
  }

  leave() {
    this.token = null;
    this.turn++;
    this.wake();
  }

  async #loop(turn) {
    let [since, failures] = [0, 0];
    while (turn === this.turn) {
      const asked = performance.now();
      const answer = await this.#answer(since);
      if (turn !== this.turn) return;
      if (answer?.hint === 'gone') return this.gone(this.token, answer.boot);
      if (!answer?.state) {
        this.lost();
        await this.#pause(Math.min(LONGEST_PAUSE, 500 * 2 ** failures++));
        continue;
      }
      if (failures) this.found();
      failures = 0;
      since = answer.version;
      this.show(answer);
      if (answer.state === 'ended') return;
      const pace = this.seen() ? PACE[answer.state] : PACE.hidden;
      await this.#pause(pace - (performance.now() - asked));
    }
  }

  #answer(since) {
    const late = new Promise((done) => setTimeout(done, ANSWER_WITHIN));
    return Promise.race([this.ask(this.token, since), late]).catch(() => undefined);
  }

  #pause(ms) {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, Math.max(0, ms));
    });
  }
}
