// Follows one run: six questions a second while it goes, one at a time, more slowly where nobody looks or answers.

const PACE = { running: 160, waiting: 1000, hidden: 2000 };  // ms from question to question
const ANSWER_WITHIN = 10_000;  // ms; after that the line counts as cut
const LONGEST_PAUSE = 8000;

/** @import { RunAnswer, TrainRefusal } from '../types.d.ts' */

/**
 * @typedef {object} Ends
 * @property {(token: string, since: number) => Promise<TrainRefusal | RunAnswer>} ask
 * @property {(answer: RunAnswer) => void} show
 * @property {() => void} lost tells that the line is cut
 * @property {() => void} found tells that it is back
 * @property {(token: string, boot: string | undefined) => void} gone tells that the server does not have this run
 * @property {() => boolean} seen whether anybody can see it
 */

export class Watcher {
  #turn = 0;  // counts the runs that were followed
  wake = () => {};  // ends a pause

  /** @param {Ends} ends */
  constructor(ends) {
    this.ends = ends;
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.wake(); });
    window.addEventListener('online', () => this.wake());
  }

  /** @param {string} token */
  follow(token) {
    this.wake();
    this.#loop(token, ++this.#turn);
  }

  leave() {
    this.#turn++;
    this.wake();
  }

  /**
   * @param {string} token
   * @param {number} turn
   */
  async #loop(token, turn) {
    let [since, failures] = [0, 0];
    while (turn === this.#turn) {
      const asked = performance.now();
      const answer = await this.#answer(token, since);
      if (turn !== this.#turn) return;
      if (answer?.hint === 'gone') return this.ends.gone(token, answer.boot);
      if (!answer || !('state' in answer)) {
        this.ends.lost();
        await this.#pause(Math.min(LONGEST_PAUSE, 500 * 2 ** failures++));
        continue;
      }
      if (failures) this.ends.found();
      failures = 0;
      since = answer.version;
      this.ends.show(answer);
      if (answer.state === 'ended') return;
      const pace = this.ends.seen() ? PACE[answer.state] : PACE.hidden;
      await this.#pause(pace - (performance.now() - asked));
    }
  }

  /**
   * @param {string} token
   * @param {number} since
   * @returns {Promise<TrainRefusal | RunAnswer | undefined>} undefined where none comes
   */
  #answer(token, since) {
    /** @type {Promise<undefined>} */
    const late = new Promise((done) => setTimeout(done, ANSWER_WITHIN, undefined));
    return Promise.race([this.ends.ask(token, since), late])
      .then((answer) => (answer instanceof Object ? answer : undefined))  // something on the way may answer anything
      .catch(() => undefined);
  }

  /**
   * @param {number} ms
   * @returns {Promise<void>}
   */
  #pause(ms) {
    return new Promise((done) => {
      this.wake = done;
      setTimeout(done, Math.max(0, ms));
    });
  }
}
