// A few short stops on the real controls: a ring around each, and a card beside it that says what it is.

import { finder } from '../shared/dom.js';
import { text, withDetails } from '../shared/words.js';

/** @typedef {{ name: string, tab: string, at: string }} Stop */

const MARGIN = 12;  // px between card, ring and the edges of the screen
const REACH = 6;    // px by which the ring is wider than the control

const STOPS = [
  { name: 'noise', tab: 'draw', at: '.board .slider' },
  { name: 'network', tab: 'draw', at: '.board .setting:has(.model)' },
  { name: 'psnr', tab: 'draw', at: '.board .denoised .scores' },
  { name: 'reader', tab: 'draw', at: '.board .reader.after' },
  { name: 'training', tab: 'train', at: '.training .go' },
];

export class Tour {
  /** @type {number | null} */ #at = null;  // null while it is closed
  /** @type {HTMLElement | null} */ #seen = null;  // the control that was scrolled to

  /**
   * @param {HTMLElement} root
   * @param {object} told
   * @param {Record<string, unknown>} told.details to fill into its texts
   * @param {(stop: Stop, at: number) => void} told.moved follows every step
   * @param {(focus: HTMLElement | null) => void} told.closed follows the end, with what should get the focus
   */
  constructor(root, { details, moved, closed }) {
    this.details = details;
    this.moved = moved;
    this.closed = closed;
    const $ = this.$ = finder(root);
    $('.back').addEventListener('click', () => this.go((this.#at ?? 0) - 1));
    $('.next').addEventListener('click', () => {
      const at = this.#at ?? 0;
      if (at < STOPS.length - 1) this.go(at + 1);
      else this.close(this.target);
    });
    $('.close').addEventListener('click', () => this.close());
    document.addEventListener('keydown', ({ key }) => { if (key === 'Escape') this.close(); });
  }

  /** @returns {HTMLElement | null} */
  get target() {
    return this.#at === null ? null : document.querySelector(STOPS[this.#at].at);
  }

  /**
   * At a stop, from 0; opens the tour where it is closed.
   * @param {number} wanted
   */
  go(wanted) {
    const opening = this.#at === null;
    const at = this.#at = Math.min(Math.max(wanted, 0), STOPS.length - 1);
    const { name } = STOPS[at];
    this.moved(STOPS[at], at);
    this.$('.place').textContent = withDetails(text.tour_place, { at: at + 1, all: STOPS.length });
    this.$('h2').textContent = text[`tour_${name}`];
    this.$('#tour-text').textContent = withDetails(text[`tour_${name}_text`], this.details);
    this.$('.next').textContent = at < STOPS.length - 1 ? text.tour_next : text.tour_done;
    if (at === 0 && document.activeElement === this.$('.back')) this.$('.next').focus();
    this.$('.back').hidden = at === 0;
    this.#seen = null;
    if (!opening) return;
    for (const part of ['.ring', '.card']) {
      this.$(part).hidden = false;
      this.$(part).showPopover?.();
    }
    this.$('.next').focus({ preventScroll: true });
    this.#follow();
  }

  /** @param {HTMLElement | null} focus */
  close(focus = null) {
    if (this.leave()) this.closed(focus);
  }

  // Closes it without a word to anybody; false where it is not open.
  leave() {
    if (this.#at === null) return false;
    this.#at = null;
    for (const part of ['.ring', '.card']) {
      this.$(part).hidePopover?.();
      this.$(part).hidden = true;
    }
    return true;
  }

  // While it is open, once a frame: the control may appear, move and scroll, and its card stays with it.
  #follow() {
    if (this.#at === null) return;
    const { target } = this;
    const box = target?.getBoundingClientRect();
    this.$('.ring').style.visibility = box?.width ? 'visible' : 'hidden';
    if (target && box?.width && this.#seen !== target) {
      this.#seen = target;
      this.#scrollTo(target, box);
    } else if (box?.width) {
      this.#place(box);
    }
    requestAnimationFrame(() => this.#follow());
  }

  /**
   * Nowhere, if it is seen and the card fits above or below; else to the middle, where the card fits then; else to the
   * top, with the card below, or to the bottom, if the page ends.
   * @param {HTMLElement} target
   * @param {DOMRect} box
   */
  #scrollTo(target, box) {
    const needed = this.$('.card').offsetHeight + 2 * MARGIN + REACH;
    const fits = Math.max(box.top, innerHeight - box.bottom) >= needed;
    if (fits && box.top >= MARGIN && box.bottom <= innerHeight - MARGIN) return;
    const middle = (innerHeight - box.height) / 2;
    scrollBy(0, box.top - (middle >= needed ? middle : MARGIN));
    const { top, bottom } = target.getBoundingClientRect();
    if (Math.max(top, innerHeight - bottom) < needed) scrollBy(0, bottom - innerHeight + MARGIN);
  }

  /** @param {DOMRect} box */
  #place(box) {
    const card = this.$('.card');
    const [width, height, gap] = [card.offsetWidth, card.offsetHeight, MARGIN + REACH];
    /** @type {(value: number, size: number, room: number) => number} */
    const within = (value, size, room) => Math.max(MARGIN, Math.min(value, room - size - MARGIN));
    const below = box.bottom + gap + height + MARGIN <= innerHeight;
    const above = box.top - gap - height >= MARGIN;
    const beside = box.right + gap + width + MARGIN <= innerWidth;
    const left = below || above || !beside ? box.left + (box.width - width) / 2 : box.right + gap;
    const top = below ? box.bottom + gap : above ? box.top - gap - height : beside ? box.top : innerHeight;
    this.#set(card, { left: within(left, width, innerWidth), top: within(top, height, innerHeight) });
    this.#set(this.$('.ring'), {
      left: box.left - REACH, top: box.top - REACH, width: box.width + 2 * REACH, height: box.height + 2 * REACH,
    });
  }

  /**
   * @param {HTMLElement} node
   * @param {Record<string, number>} places
   */
  #set(node, places) {
    for (const [name, value] of Object.entries(places)) {
      const wanted = `${Math.round(value)}px`;
      if (node.style.getPropertyValue(name) !== wanted) node.style.setProperty(name, wanted);
    }
  }
}
