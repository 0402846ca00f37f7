// What is on the canvas, as a list of strokes and pictures: drawn live, undone by drawing all but the last again.
// A digit that was given – the opening one, an example, a picture from a file – is replaced by the first stroke.

const CANVAS = 280;  // the unit of coordinates and pens, whatever the canvas measures on the screen
const SENT = 112;    // side of the grey picture that goes to the server

class Ink {
  constructor(canvas) {
    this.marks = [];
    this.undone = [];         // what redo brings back, the last one first
    this.held = false;        // true while the pen is down
    this.stroke = null;       // the last one drawn; null as soon as anything else changes the canvas
    this.unsmoothed = false;  // true: pictures are shown and sent pixel by pixel, as they came
    this.screen = canvas.getContext('2d', { alpha: false });
    this.sketch = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    Ink.#size(this.sketch, SENT);
    this.resize(CANVAS);
  }

  // As many pixels as the screen shows, so that the line stays sharp and is never scaled.
  resize(side) {
    Ink.#size(this.screen, side);
    this.redraw();
  }

  static #size(context, side) {
    Object.assign(context.canvas, { width: side, height: side });
    context.scale(side / CANVAS, side / CANVAS);
    Object.assign(context, { strokeStyle: '#fff', lineCap: 'round', lineJoin: 'round' });
  }

  // The marks that still show: those since the last one that began on an empty canvas.
  get visible() {
    return this.marks.slice(Math.max(0, this.marks.findLastIndex((mark) => mark.fresh)));
  }

  get empty() {
    return !this.visible.some((mark) => mark.points?.length || mark.picture);
  }

  // What is said of the digit that was given, as [name of a hint, details]; null where the visitor drew.
  get given() {
    return this.marks.at(-1)?.given ?? null;
  }

  begin(x, y, width) {
    const fresh = Boolean(this.given);
    if (fresh) this.#wipe();
    this.stroke = { points: [[x, y]], width, fresh };
    this.#add(this.stroke);
    this.#segment(this.stroke, 0);
  }

  extend(x, y) {
    this.stroke.points.push([x, y]);
    this.#segment(this.stroke, this.stroke.points.length - 1);
  }

  // A picture with its bytes: `drawing`, 112×112 to draw on, and `plain`, 28×28 to be taken pixel by pixel.
  place(picture, given) {
    this.stroke = null;
    this.#add({ picture, given, fresh: true });
    this.redraw();
  }

  // The digit that the page opens with; nothing lies before it.
  open(strokes, width, given) {
    this.restore(strokes.map((points, i) => ({ points, width, given, fresh: i === 0, opening: true })));
  }

  // Marks as they were kept.
  restore(marks) {
    Object.assign(this, { marks, undone: [], stroke: null });
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
    if (!this.undoable) return;
    this.undone.push(this.marks.pop());
    this.redraw();
  }

  redo() {
    this.stroke = null;
    if (!this.undone.length) return;
    this.marks.push(this.undone.pop());
    this.redraw();
  }

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

  pixels() {
    const rgba = this.sketch.getImageData(0, 0, SENT, SENT).data;
    const grey = new Uint8Array(SENT * SENT);
    for (let i = 0; i < grey.length; i++) grey[i] = rgba[4 * i];
    return grey;
  }

  #wipe() {
    for (const context of [this.screen, this.sketch]) context.fillRect(0, 0, CANVAS, CANVAS);
  }

  #segment({ points, width }, i) {
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

  #picture({ drawing, plain }) {
    for (const context of [this.screen, this.sketch]) {
      context.imageSmoothingEnabled = !this.unsmoothed;
      context.imageSmoothingQuality = 'high';
      context.drawImage(this.unsmoothed ? plain : drawing, 0, 0, CANVAS, CANVAS);
    }
  }
}

const canvasesOf = ({ drawing, plain }) => ({ drawing: squareCanvas(drawing), plain: squareCanvas(plain) });

// One pen at a time, whatever else touches the canvas; each event's newest time is handed on.
function drawWith(canvas, ink, penWidth, onChange, onLift) {
  let pen = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * CANVAS / box.width, (event.clientY - box.top) * CANVAS / box.height];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (pen !== null || event.button !== 0) return;
    pen = event.pointerId;
    ink.held = true;
    canvas.setPointerCapture(pen);
    ink.begin(...at(event), penWidth());
    onChange(event.timeStamp);
  });
  // Where the browser offers them, moves that do not wait for the next frame: up to 16 ms sooner.
  canvas.addEventListener('onpointerrawupdate' in canvas ? 'pointerrawupdate' : 'pointermove', (event) => {
    if (event.pointerId !== pen || !ink.stroke) return;  // undone, cleared or replaced with the pen still down
    const events = event.getCoalescedEvents?.() ?? [];
    for (const point of events.length ? events : [event]) ink.extend(...at(point));
    onChange(event.timeStamp);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== pen) return;
      pen = null;
      ink.held = false;
      onLift();
    });
  }
}
