// Feature maps as pictures: what is positive bright, what is negative blue, and nothing black.

import { contextOf } from '../shared/pixels.js';

const NEGATIVE = [58, 122, 255];
const POSITIVE = [255, 250, 240];
const GAP = 1;  // pixels between two maps

/**
 * Base64 to signed bytes.
 * @param {string} text
 */
export const signed = (text) => Int8Array.from(atob(text), (character) => character.charCodeAt(0));

/**
 * How the maps of a stage lie beside each other: the numbers of a dense layer as one row each of squares.
 * @param {number[]} shape
 */
export function layoutOf(shape) {
  const [channels, height, width] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const side = shape.length === 3 ? width : 3;  // a number is a square of 3×3
  const columns = channels <= 3 ? channels : Math.ceil(Math.sqrt(channels * 1.3));
  const rows = Math.ceil(channels / columns);
  return { channels, height, width, side, columns, rows, step: side + GAP };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/**
 * All maps of a stage on one canvas, which takes their size.
 * @param {HTMLCanvasElement} canvas
 * @param {Int8Array} values
 * @param {Layout} layout
 */
export function paintMaps(canvas, values, { channels, height, width, side, columns, rows, step }) {
  const image = new ImageData(columns * step - GAP, rows * step - GAP);
  if (canvas.width !== image.width || canvas.height !== image.height) {
    Object.assign(canvas, { width: image.width, height: image.height });
  }
  const rgba = new Uint32Array(image.data.buffer);
  const zoom = side / width;
  for (let channel = 0; channel < channels; channel++) {
    const [left, top] = [(channel % columns) * step, Math.floor(channel / columns) * step];
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < side; x++) {
        const at = channel * height * width + Math.floor(y / zoom) * width + Math.floor(x / zoom);
        rgba[(top + y) * image.width + left + x] = COLOURS[values[at] + 128];
      }
    }
  }
  contextOf(canvas).putImageData(image, 0, 0);
}

/**
 * One map, on a canvas of its size.
 * @param {HTMLCanvasElement} canvas
 * @param {Int8Array} values
 */
export function paintMap(canvas, values) {
  const image = new ImageData(canvas.width, canvas.height);
  new Uint32Array(image.data.buffer).set(Uint32Array.from(values, (value) => COLOURS[value + 128]));
  contextOf(canvas).putImageData(image, 0, 0);
}

const COLOURS = Uint32Array.from({ length: 256 }, (_, index) => {
  const value = (index - 128) / 127;
  const size = Math.min(1, Math.abs(value));
  const [red, green, blue] = (value < 0 ? NEGATIVE : POSITIVE).map((part) => Math.round(size * part));
  return 0xff000000 | (blue << 16) | (green << 8) | red;
});
