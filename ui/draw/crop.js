// A photo with a square on it, whose inside will be read. Moved and resized by pointer, wheel and keys.

import { finder, make } from '../shared/dom.js';
import { contextOf } from '../shared/pixels.js';
import { PHOTO_SIDE } from './files.js';
import { proposed, pulled, resized, within } from './square.js';

/** @import { Box, Pair } from '../types.d.ts' */
/** @import { Square } from './square.js' */

/** @type {Record<string, Pair>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, number>} */
const TIMES = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 };

export class Crop {
  #photo = new Image();
  /** @type {Square} */ #square = { x: 0, y: 0, side: 0 };
  #shown = { k: 1, left: 0, top: 0 };  // from pixels of the photo to those of the view
  /** @type {(cut: HTMLCanvasElement | null) => void} */ #answer = () => {};
  /** @type {Element | null} */ #before = null;  // what had the focus

  /** @param {HTMLElement} frame */
  constructor(frame) {
    const $ = finder(frame);
    this.root = $('.crop');
    this.view = $('.view');
    this.mark = $('.square');
    this.under = $('.ink');
    this.canvas = $('.view canvas', HTMLCanvasElement);
    this.words = $('.crop p');
    $('.crop .use').addEventListener('click', () => this.#end(true));
    $('.crop .cancel').addEventListener('click', () => this.close());
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.view.addEventListener('pointerdown', (event) => this.#drag(event));
    this.view.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#resize(event.deltaY > 0 ? 1.06 : 1 / 1.06);
    }, { passive: false });
    new ResizeObserver(() => this.#draw()).observe(this.view);
  }

  /**
   * The square that the visitor agrees to, cut out of the photo as a canvas; null if there is to be none.
   * @param {HTMLImageElement} photo
   * @param {Box | null} box where something was found
   * @param {string} words what is asked
   * @returns {Promise<HTMLCanvasElement | null>}
   */
  ask(photo, box, words) {
    this.close();
    const known = photo === this.#photo;  // then the square is where the visitor left it
    this.#photo = photo;
    this.#before = document.activeElement;
    this.words.textContent = words;
    this.root.hidden = false;
    this.under.inert = true;
    if (!known) this.#square = proposed(box, this.#size);
    this.#draw();
    this.mark.focus({ preventScroll: true });
    return new Promise((answer) => { this.#answer = answer; });
  }

  close() {
    this.#end(false);
  }

  /** @param {boolean} use */
  #end(use) {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.under.inert = false;
    const before = this.#before instanceof HTMLElement && this.#before.isConnected ? this.#before : document.body;
    (before === document.body ? this.under : before).focus({ preventScroll: true });
    this.#answer(use ? this.#cut() : null);
  }

  /** @returns {Pair} */
  get #size() {
    return [this.#photo.naturalWidth, this.#photo.naturalHeight];
  }

  /** @param {Square} square */
  #move(square) {
    this.#square = within(square, this.#size);
    this.#place();
  }

  /** @param {number} times */
  #resize(times) {
    this.#move(resized(this.#square, times, this.#size));
  }

  #draw() {
    if (this.root.hidden || !this.view.clientWidth) return;
    const [width, height] = this.#size;
    const [wide, high] = [this.view.clientWidth, this.view.clientHeight];
    const k = Math.min(wide / width, high / height);
    this.#shown = { k, left: (wide - width * k) / 2, top: (high - height * k) / 2 };
    Object.assign(this.canvas, { width: wide * devicePixelRatio, height: high * devicePixelRatio });
    const context = contextOf(this.canvas);
    context.imageSmoothingQuality = 'high';
    context.scale(devicePixelRatio, devicePixelRatio);
    context.drawImage(this.#photo, this.#shown.left, this.#shown.top, width * k, height * k);
    this.#place();
  }

  #place() {
    const { k, left, top } = this.#shown;
    const { x, y, side } = this.#square;
    Object.assign(this.mark.style, { left: `${left + x * k}px`, top: `${top + y * k}px`, width: `${side * k}px` });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { x, y, side } = this.#square;
    const step = side * (event.shiftKey ? 0.25 : 0.05);
    const [towards, times] = [STEPS[event.key], TIMES[event.key]];
    const used = event.key === 'Enter' && event.target === this.mark;  // on a button it means the button
    if (event.key === 'Escape') this.close();
    else if (used) this.#end(true);
    else if (times) this.#resize(times);
    else if (towards) this.#move({ x: x + towards[0] * step, y: y + towards[1] * step, side });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * At a corner: the one across stays. Elsewhere in the square: it moves. Outside: it comes here first.
   * @param {PointerEvent} event
   */
  #drag(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.mark.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    const corner = event.target instanceof HTMLElement ? event.target.dataset.corner : undefined;
    if (!corner && event.target !== this.mark) this.#centre(this.#at(event));
    const [from, start] = [this.#at(event), this.#square];
    /** @param {PointerEvent} moved */
    const follow = (moved) => {
      if (moved.pointerId !== event.pointerId || this.root.hidden) return;
      const [x, y] = this.#at(moved);
      if (corner) this.#move(pulled(start, corner, x - from[0], y - from[1], this.#size));
      else this.#move({ ...start, x: start.x + x - from[0], y: start.y + y - from[1] });
    };
    const done = new AbortController();
    this.view.addEventListener('pointermove', follow, { signal: done.signal });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      this.view.addEventListener(end, () => done.abort(), { signal: done.signal });
    }
  }

  /**
   * @param {PointerEvent} event
   * @returns {Pair} in pixels of the photo
   */
  #at({ clientX, clientY }) {
    const { left, top } = this.view.getBoundingClientRect();
    return [(clientX - left - this.#shown.left) / this.#shown.k, (clientY - top - this.#shown.top) / this.#shown.k];
  }

  /** @param {Pair} middle */
  #centre([x, y]) {
    const { side } = this.#square;
    this.#move({ x: x - side / 2, y: y - side / 2, side });
  }

  #cut() {
    const { x, y, side } = this.#square;
    const length = Math.round(Math.min(side, PHOTO_SIDE));
    const canvas = make('canvas', { width: length, height: length });
    const context = contextOf(canvas);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#photo, x, y, side, side, 0, 0, length, length);
    return canvas;
  }
}
