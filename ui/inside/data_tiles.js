// Small pictures in a row or a grid, each with a word below it.

import { make } from '../shared/dom.js';
import { AREA, SIDE, paintGrey } from '../shared/pixels.js';

/**
 * @param {Uint8Array} pixels 28×28
 * @param {string} caption
 * @param {string} label that says it all
 */
export function tile(pixels, caption, label) {
  const item = make('li');
  const canvas = make('canvas', { width: SIDE, height: SIDE, role: 'img', ariaLabel: label, title: label });
  item.append(paintGrey(canvas, pixels), make('span', { textContent: caption, ariaHidden: 'true' }));
  return item;
}

/**
 * @param {Uint8Array} pictures one behind the other
 * @param {number} place
 */
export const pictureAt = (pictures, place) => pictures.subarray(place * AREA, (place + 1) * AREA);
