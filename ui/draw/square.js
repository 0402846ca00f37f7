// The geometry of a square on a photo, in pixels of the photo. It stays within it, and is never too small to be seen.

/** @import { Box, Pair } from '../types.d.ts' */
/** @typedef {{ x: number, y: number, side: number }} Square */

const LEAST = 24;  // pixels of the photo

/**
 * Around what was found, with room for what was not; else the middle.
 * @param {Box | null} box
 * @param {Pair} size of the photo
 */
export function proposed(box, size) {
  const [width, height] = size;
  const [left, top, right, bottom] = box ?? [0.5, 0.5, 0.5, 0.5];
  const found = Math.max((right - left) * width, (bottom - top) * height);
  const side = found ? 1.5 * found : 0.6 * Math.min(width, height);
  return within({ x: (left + right) / 2 * width - side / 2, y: (top + bottom) / 2 * height - side / 2, side }, size);
}

/**
 * The nearest square that is allowed.
 * @param {Square} square
 * @param {Pair} size of the photo
 */
export function within({ x, y, side }, [width, height]) {
  const most = Math.min(width, height);
  const kept = Math.min(most, Math.max(LEAST, most / 40, side));
  return { x: Math.max(0, Math.min(x, width - kept)), y: Math.max(0, Math.min(y, height - kept)), side: kept };
}

/**
 * So many times as large, around the same middle.
 * @param {Square} square
 * @param {number} times
 * @param {Pair} size of the photo
 */
export function resized({ x, y, side }, times, size) {
  const other = within({ x, y, side: side * times }, size).side;
  return within({ x: x + (side - other) / 2, y: y + (side - other) / 2, side: other }, size);
}

/**
 * Pulled by a corner, so far; the corner across stays.
 * @param {Square} square
 * @param {string} corner nw, ne, sw or se
 * @param {number} dx
 * @param {number} dy
 * @param {Pair} size of the photo
 */
export function pulled({ x, y, side }, corner, dx, dy, size) {
  const [west, north] = [corner.includes('w'), corner.includes('n')];
  const [width, height] = size;
  const room = Math.min(west ? x + side : width - x, north ? y + side : height - y);
  const grown = Math.max(west ? -dx : dx, north ? -dy : dy);
  const other = Math.min(room, within({ x, y, side: side + grown }, size).side);
  return within({ x: west ? x + side - other : x, y: north ? y + side - other : y, side: other }, size);
}
