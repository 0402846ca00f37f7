// The picture of the plane, and the point in it that mouse, finger and arrow keys move.

import { finder, make } from '../shared/dom.js';
import { contextOf } from '../shared/pixels.js';
import { EDGE, lookOf, maskOf, paintLayers, pixelsOf } from './latent_layers.js';
import { codeAt, shares } from './latent_plane.js';

/** @import { LatentPlane, Pair } from '../types.d.ts' */

const STEP = { small: 0.01, large: 0.1 };  // of the plane's side, for a key
/** @type {Record<string, Pair>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * What moves over the plane.
 * @typedef {object} Marks
 * @property {Pair} point that can be moved
 * @property {Pair | null} own where the digit lies, if the point is elsewhere
 * @property {Pair[]} way of the digit into the noise, from where it lies without any
 */

export class LatentFigure {
  /** @type {LatentPlane | null} */ #plane = null;
  /** @type {HTMLCanvasElement | null} */ #mask = null;
  /** @type {Marks | null} */ #marks = null;
  /** @type {number | null} */ #only = null;
  /** @type {{ id: number, grip: Pair } | null} */ #finger = null;  // that moves the point
  #taps = false;  // whether a click would be that of a finger beside the point
  #layers = make('canvas');
  #fresh = false;  // whether the layers are as they should be

  /**
   * @param {HTMLElement} root
   * @param {object} ends
   * @param {(code: Pair) => void} ends.moved
   * @param {() => void} ends.back
   */
  constructor(root, { moved, back }) {
    const $ = finder(root);
    this.moved = moved;
    this.back = back;
    this.place = $('.latent-plane');
    this.canvas = $('.latent-plane canvas', HTMLCanvasElement);
    this.handle = $('.latent-point');
    new ResizeObserver(() => this.#renew()).observe(this.place);
    new MutationObserver(() => this.#renew()).observe(document.body, { attributeFilter: ['class'] });  // light or dark
    this.#listen();
  }

  /** @param {LatentPlane | null} plane */
  show(plane) {
    if (plane === this.#plane) return;
    this.#plane = plane;
    this.#mask = plane && maskOf(plane.pixels);
    this.#marks = null;
    this.#renew();
  }

  /** @param {number | null} digit whose points come to the front */
  highlight(digit) {
    if (digit === this.#only) return;
    this.#only = digit;
    this.#renew();
  }

  /** @param {Marks} marks */
  mark(marks) {
    this.#marks = marks;
    this.#paint();
  }

  #renew() {
    this.#fresh = false;
    this.#paint();
  }

  #paint() {
    const side = this.place.clientWidth;
    this.handle.hidden = !this.#plane || !this.#marks;
    if (!side || !this.#plane) return;
    if (!this.#fresh) this.#layer(side);
    const pen = contextOf(this.canvas);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.#layers, 0, 0);
    if (!this.#marks) return;
    pen.setTransform(this.canvas.width / side, 0, 0, this.canvas.width / side, 0, 0);
    this.#paintMarks(pen, this.#marks);
    const [left, top] = this.#pixels(this.#marks.point);
    Object.assign(this.handle.style, { left: `${left}px`, top: `${top}px` });
  }

  /** @param {number} side */
  #layer(side) {
    const fine = Math.round(side * Math.max(1, window.devicePixelRatio));
    for (const canvas of [this.canvas, this.#layers]) canvas.width = canvas.height = fine;
    const pen = contextOf(this.#layers);
    pen.scale(fine / side, fine / side);
    this.look = lookOf(this.canvas);
    if (this.#plane && this.#mask) paintLayers(pen, side, this.#plane, this.#mask, this.look, this.#only);
    this.#fresh = true;
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Marks} marks
   */
  #paintMarks(pen, { point, own, way }) {
    const look = this.look ?? lookOf(this.canvas);
    const places = way.map((code) => this.#pixels(code));
    for (const [colour, width] of /** @type {const} */ ([[look.paper, 4.5], [look.accent, 2]])) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.lineJoin = 'round';
      pen.beginPath();
      for (const [x, y] of places) pen.lineTo(x, y);
      pen.stroke();
    }
    if (places.length) disc(pen, places[0], 4, look.paper, look.accent, 2);
    if (own) disc(pen, this.#pixels(own), 5, look.accent, look.paper, 2);
    const there = this.#pixels(point);
    disc(pen, there, 10, look.paper, look.accent, 3);
    disc(pen, there, 4, look.accent, look.accent, 0);
  }

  // Where a code is painted; what lies beyond the plane is painted at its edge.
  /** @param {Pair} code */
  #pixels(code) {
    const plane = /** @type {LatentPlane} */ (this.#plane);
    return pixelsOf(codeAt(shares(code, plane), plane), this.place.clientWidth, plane);
  }

  #listen() {
    const { place, handle } = this;
    place.addEventListener('pointerdown', (event) => this.#press(event));
    place.addEventListener('pointermove', (event) => {
      if (event.pointerId === this.#finger?.id) this.#moveTo(event);
    });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
      place.addEventListener(end, ({ pointerId }) => { if (pointerId === this.#finger?.id) this.#finger = null; });
    }
    place.addEventListener('click', (event) => { if (this.#taps) this.#moveTo(event); });
    handle.addEventListener('keydown', (event) => this.#key(event));
  }

  // A finger drags the point itself, or taps elsewhere: what it does beside the point may scroll the page.
  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button || !this.#plane || !this.#marks || this.#finger) return;
    const holds = event.target === this.handle;
    this.#taps = event.pointerType === 'touch' && !holds;
    if (this.#taps) return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    const { left, top } = this.place.getBoundingClientRect();
    const [x, y] = this.#pixels(this.#marks.point);
    this.#finger = { id: event.pointerId, grip: holds ? [event.clientX - left - x, event.clientY - top - y] : [0, 0] };
    this.place.setPointerCapture(event.pointerId);
    if (!holds) this.#moveTo(event);
  }

  /** @param {MouseEvent} event */
  #moveTo({ clientX, clientY }) {
    if (!this.#plane) return;
    const { left, top, width } = this.place.getBoundingClientRect();
    const [x, y] = this.#finger?.grip ?? [0, 0];
    this.moved(codeAt([
      (clientX - left - x - EDGE.left) / (width - EDGE.left - EDGE.right),
      (clientY - top - y - EDGE.top) / (width - EDGE.top - EDGE.bottom),
    ], this.#plane));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Escape') return this.back();
    const direction = KEYS[event.key];
    if (!direction || !this.#plane || !this.#marks || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? STEP.large : STEP.small;
    const [across, down] = shares(codeAt(shares(this.#marks.point, this.#plane), this.#plane), this.#plane);
    this.moved(codeAt([across + step * direction[0], down + step * direction[1]], this.#plane));
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Pair} centre
 * @param {number} radius
 * @param {string} fill
 * @param {string} rim
 * @param {number} width of the rim
 */
function disc(pen, [x, y], radius, fill, rim, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = rim;
  pen.lineWidth = width;
  if (width) pen.stroke();
}
