// Grey pixels: in base64, as they travel, and on canvases.

import { make } from './dom.js';

export const SIDE = 28;  // of a picture
export const AREA = SIDE * SIDE;

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/** @param {Blob} blob */
export const inBase64 = async (blob) => toBase64(new Uint8Array(await blob.arrayBuffer()));

/** @param {string} text */
export function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/**
 * The context to draw on; no browser of today is without.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export const contextOf = (canvas, settings) => (
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', settings)));

/**
 * @param {HTMLCanvasElement} canvas as large as the picture
 * @param {Uint8Array} pixels
 */
export function paintGrey(canvas, pixels) {
  const image = new ImageData(canvas.width, canvas.height);
  const rgba = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) rgba[i] = 0xff000000 | (0x010101 * pixels[i]);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** @param {Uint8Array} pixels of a square */
export function squareCanvas(pixels) {
  const side = Math.sqrt(pixels.length);
  return paintGrey(make('canvas', { width: side, height: side }), pixels);
}

/** @param {HTMLCanvasElement} canvas */
export const blank = (canvas) => contextOf(canvas).fillRect(0, 0, canvas.width, canvas.height);
