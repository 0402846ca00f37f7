// What is on the canvas, as a list of strokes and pictures: drawn live, undone by drawing all but the last again.
// A digit that was given – the opening one, an example, a picture from a file – is replaced by the first stroke.

import { make } from '../shared/dom.js';
import { contextOf, squareCanvas } from '../shared/pixels.js';

/** @import { Given, Mark, Pair, Picture } from '../types.d.ts' */

export class Ink {
  /** @type {Mark[]} */ marks = [];
  /** @type {Mark[]} */ undone = [];  // what redo brings back, the last one first
  /** @type {(Mark & { points: Pair[] }) | null} */
  stroke = null;  // the last one drawn; null as soon as anything else changes the canvas
  held = false;        // true while the pen is down
  unsmoothed = false;  // true: pictures are shown and sent pixel by pixel, as they came

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{ canvas: number, sent: number }} limits the units of coordinates and pens along a side, whatever it
   *   measures on the screen; and the side of the grey picture that goes to the server
   */
  constructor(canvas, { canvas: units, sent }) {
    this.units = units;
    this.sent = sent;
    this.screen = contextOf(canvas, { alpha: false });
    this.sketch = contextOf(make('canvas'), { willReadFrequently: true });
    this.#size(this.sketch, sent);
    this.resize(units);
  }

  /**
   * As many pixels as the screen shows, so that the line stays sharp and is never scaled.
   * @param {number} side
   */
  resize(side) {
    this.#size(this.screen, side);
    this.redraw();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} side
   */
  #size(context, side) {
    Object.assign(context.canvas, { width: side, height: side });
    context.scale(side / this.units, side / this.units);
    Object.assign(context, { strokeStyle: '#fff', lineCap: 'round', lineJoin: 'round' });
  }

  // The marks that still show: those since the last one that began on an empty canvas.
  get visible() {
    return this.marks.slice(Math.max(0, this.marks.findLastIndex((mark) => mark.fresh)));
  }

  get empty() {
    return !this.visible.some((mark) => mark.points?.length || mark.picture);
  }

  // What is said of the digit that was given; null where the visitor drew.
  get given() {
    return this.marks.at(-1)?.given ?? null;
  }

  /**
   * @param {Pair} point
   * @param {number} width of the pen
   */
  begin(point, width) {
    const fresh = Boolean(this.given);
    if (fresh) this.#wipe();
    this.stroke = { points: [point], width, fresh };
    this.#add(this.stroke);
    this.#segment(this.stroke, 0);
  }

  /** @param {Pair} point */
  extend(point) {
    if (!this.stroke) return;
    this.stroke.points.push(point);
    this.#segment(this.stroke, this.stroke.points.length - 1);
  }

  /**
   * @param {Picture} picture its bytes: `drawing`, as large as what is sent, and `plain`, to be taken pixel by pixel
   * @param {Given} given
   */
  place(picture, given) {
    this.stroke = null;
    this.#add({ picture, given, fresh: true });
    this.redraw();
  }

  /**
   * The digit that the page opens with; nothing lies before it.
   * @param {Pair[][]} strokes
   * @param {number} width of the pen
   * @param {Given} given
   */
  open(strokes, width, given) {
    this.restore(strokes.map((points, i) => ({ points, width, given, fresh: i === 0, opening: true })));
  }

  /**
   * Marks as they were kept.
   * @param {Mark[]} marks
   */
  restore(marks) {
    this.marks = marks;
    this.undone = [];
    this.stroke = null;
    this.redraw();
  }

  clear() {
    this.stroke = null;
    if (this.empty) return;
    this.#add({ fresh: true });
    this.redraw();
  }

  get undoable() {
    return this.marks.some((mark) => !mark.opening);
  }

  undo() {
    this.stroke = null;
    const mark = this.undoable && this.marks.pop();
    if (!mark) return;
    this.undone.push(mark);
    this.redraw();
  }

  redo() {
    this.stroke = null;
    const mark = this.undone.pop();
    if (!mark) return;
    this.marks.push(mark);
    this.redraw();
  }

  /** @param {Mark} mark */
  #add(mark) {
    this.marks.push(mark);
    this.undone = [];
  }

  redraw() {
    this.#wipe();
    for (const mark of this.visible) {
      if (mark.picture) this.#picture(mark.canvases ??= canvasesOf(mark.picture));
      else mark.points?.forEach((_, i) => this.#segment(mark, i));
    }
  }

  // As they are sent.
  pixels() {
    const rgba = this.sketch.getImageData(0, 0, this.sent, this.sent).data;
    const grey = new Uint8Array(this.sent ** 2);
    for (let i = 0; i < grey.length; i++) grey[i] = rgba[4 * i];
    return grey;
  }

  #wipe() {
    for (const context of [this.screen, this.sketch]) context.fillRect(0, 0, this.units, this.units);
  }

  /**
   * @param {Mark} stroke
   * @param {number} i the point where the segment ends
   */
  #segment({ points = [], width = 0 }, i) {
    const [from, to] = [points[Math.max(0, i - 1)], points[i]];
    const still = from[0] === to[0] && from[1] === to[1];  // a line without length may be left out; a dot may not
    for (const context of [this.screen, this.sketch]) {
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(to[0] + (still ? 0.01 : 0), to[1]);
      context.stroke();
    }
  }

  /** @param {{ drawing: HTMLCanvasElement, plain: HTMLCanvasElement }} canvases */
  #picture({ drawing, plain }) {
    for (const context of [this.screen, this.sketch]) {
      context.imageSmoothingEnabled = !this.unsmoothed;
      context.imageSmoothingQuality = 'high';
      context.drawImage(this.unsmoothed ? plain : drawing, 0, 0, this.units, this.units);
    }
  }
}

/** @param {Picture} picture */
const canvasesOf = ({ drawing, plain }) => ({ drawing: squareCanvas(drawing), plain: squareCanvas(plain) });

/**
 * One pen at a time, whatever else touches the canvas; each event's newest time is handed on.
 * @param {HTMLCanvasElement} canvas
 * @param {Ink} ink
 * @param {() => number} penWidth
 * @param {(time: number) => void} onChange
 * @param {() => void} onLift
 */
export function drawWith(canvas, ink, penWidth, onChange, onLift) {
  /** @type {number | null} */ let pen = null;
  /** @type {(event: PointerEvent) => Pair} */
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const place = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    // To a tenth of a unit, which nobody sees: as it is kept, and as a link has it, so that both bring back each pixel.
    return /** @type {Pair} */ (place.map((share) => Math.round(10 * ink.units * share) / 10));
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (pen !== null || event.button !== 0) return;
    pen = event.pointerId;
    ink.held = true;
    canvas.setPointerCapture(pen);
    ink.begin(at(event), penWidth());
    onChange(event.timeStamp);
  });
  // Where the browser offers them, moves that do not wait for the next frame: up to 16 ms sooner.
  const moves = /** @type {'pointermove'} */ ('onpointerrawupdate' in canvas ? 'pointerrawupdate' : 'pointermove');
  canvas.addEventListener(moves, (event) => {
    if (event.pointerId !== pen || !ink.stroke) return;  // undone, cleared or replaced with the pen still down
    const events = event.getCoalescedEvents?.() ?? [];
    for (const point of events.length ? events : [event]) ink.extend(at(point));
    onChange(event.timeStamp);
  });
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== pen) return;
      pen = null;
      ink.held = false;
      onLift();
    });
  }
}
