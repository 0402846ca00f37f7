// A canvas that remembers what was drawn on it, as far as Ink draws.

class Context {
  constructor(canvas) {
    this.canvas = canvas;
    this.log = [];
  }

  scale(k) { this.k = k; }

  fillRect() { this.log = []; }

  beginPath() {}

  moveTo(...from) { this.from = from; }

  lineTo(...to) { this.to = to; }

  stroke() { this.log.push({ from: this.from, to: this.to, width: this.lineWidth }); }

  drawImage(image) { this.log.push({ image }); }

  putImageData(image) { this.image = image; }

  getImageData(x, y, width, height) { return { data: new Uint8Array(4 * width * height).fill(this.log.length) }; }
}

export class Canvas {
  constructor() { this.context = new Context(this); }

  getContext() { return this.context; }
}

globalThis.document.createElement = () => new Canvas();
globalThis.ImageData = class {
  constructor(width, height) { this.data = new Uint8ClampedArray(4 * width * height); }
};
