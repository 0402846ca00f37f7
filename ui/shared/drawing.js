// What the Draw tab lends to the others. Whoever starts first, here they find each other.

/** @import { Board } from '../types.d.ts' */

const arrivals = new EventTarget();

export const drawing = {
  /** @type {Board | null} null until the Draw tab is there */
  board: null,

  /** @param {Board} board */
  lend(board) {
    drawing.board = board;
    arrivals.dispatchEvent(new Event('arrival'));
  },

  /**
   * Calls back if the board comes later than whoever asks.
   * @param {() => void} run
   */
  onArrival(run) {
    arrivals.addEventListener('arrival', run);
  },
};
