// What of the plane's picture stays while the point moves: axes, decoded places, test digits.

import { make } from '../shared/dom.js';
import { contextOf } from '../shared/pixels.js';
import { text } from '../shared/words.js';
import { inWords, isWithin, shares, ticks } from './latent_plane.js';

/** @import { LatentPlane, Pair } from '../types.d.ts' */

export const EDGE = { left: 44, right: 10, top: 10, bottom: 42 };  // px around the plane
const DOT = 2.6;      // px, radius
const STRENGTH = 0.3; // of the decoded places

/**
 * Colours and fonts as the style sheets have them now.
 * @typedef {object} Look
 * @property {string} ink
 * @property {string} quiet
 * @property {string} line
 * @property {string} paper
 * @property {string} accent
 * @property {string} font
 * @property {string[]} classes by digit
 */

/**
 * @param {Element} node
 * @returns {Look}
 */
export function lookOf(node) {
  const style = getComputedStyle(node);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    ink: style.color,
    quiet: named('--body-text-color-subdued'),
    line: named('--line'),
    paper: named('--body-background-fill'),
    accent: named('--accent'),
    font: style.fontFamily,
    classes: Array.from({ length: 10 }, (_, digit) => named(`--latent-${digit}`)),
  };
}

/**
 * The decoded places as a mask: opaque where there is ink.
 * @param {Uint8Array} tiles of a square
 */
export function maskOf(tiles) {
  const side = Math.sqrt(tiles.length);
  const image = new ImageData(side, side);
  for (let i = 0; i < tiles.length; i++) image.data[4 * i + 3] = tiles[i];
  const mask = make('canvas', { width: side, height: side });
  contextOf(mask).putImageData(image, 0, 0);
  return mask;
}

/**
 * @param {CanvasRenderingContext2D} pen whose units are CSS pixels
 * @param {number} side of the whole picture
 * @param {LatentPlane} plane
 * @param {HTMLCanvasElement} mask
 * @param {Look} look
 * @param {number | null} only a digit that is brought to the front
 */
export function paintLayers(pen, side, plane, mask, look, only) {
  pen.fillStyle = look.paper;
  pen.fillRect(0, 0, side, side);
  const [width, height] = [side - EDGE.left - EDGE.right, side - EDGE.top - EDGE.bottom];
  pen.globalAlpha = STRENGTH;
  pen.drawImage(tinted(mask, look.ink), EDGE.left, EDGE.top, width, height);
  pen.globalAlpha = 1;
  paintAxes(pen, side, plane, look);
  paintPoints(pen, side, plane, look, only);
}

/**
 * Where a code lies, in pixels of a picture of this side.
 * @param {Pair} code
 * @param {number} side
 * @param {LatentPlane} plane
 * @returns {Pair}
 */
export function pixelsOf(code, side, plane) {
  const [across, down] = shares(code, plane);
  return [
    EDGE.left + across * (side - EDGE.left - EDGE.right),
    EDGE.top + down * (side - EDGE.top - EDGE.bottom),
  ];
}

/**
 * @param {HTMLCanvasElement} mask
 * @param {string} colour
 */
function tinted(mask, colour) {
  const copy = make('canvas', { width: mask.width, height: mask.height });
  const pen = contextOf(copy);
  pen.drawImage(mask, 0, 0);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = colour;
  pen.fillRect(0, 0, copy.width, copy.height);
  return copy;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {LatentPlane} plane
 * @param {Look} look
 */
function paintAxes(pen, side, plane, look) {
  const [right, bottom] = [side - EDGE.right, side - EDGE.bottom];
  pen.strokeStyle = look.line;
  pen.strokeRect(EDGE.left, EDGE.top, right - EDGE.left, bottom - EDGE.top);
  pen.fillStyle = look.quiet;
  pen.font = `12px ${look.font}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'center';
  for (const value of ticks(plane.low[0], plane.high[0])) {
    pen.fillText(label(value), pixelsOf([value, 0], side, plane)[0], bottom + 12);
  }
  pen.fillText(text.latent_first, (EDGE.left + right) / 2, bottom + 31);
  pen.textAlign = 'right';
  for (const value of ticks(plane.low[1], plane.high[1])) {
    pen.fillText(label(value), EDGE.left - 6, pixelsOf([0, value], side, plane)[1]);
  }
  pen.save();
  pen.translate(8, (EDGE.top + bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = 'center';
  pen.fillText(text.latent_second, 0, 0);
  pen.restore();
}

/** @param {number} value */
const label = (value) => inWords(value, String(value).split('.')[1]?.length ?? 0);

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {LatentPlane} plane
 * @param {Look} look
 * @param {number | null} only
 */
function paintPoints(pen, side, plane, look, only) {
  const places = plane.codes.map((code, at) => ({ code, digit: plane.labels[at] }));
  const seen = places.filter(({ code }) => isWithin(code, plane));
  for (const { code, digit } of seen) {
    if (digit === only) continue;
    pen.globalAlpha = only === null ? 0.85 : 0.15;
    pen.fillStyle = look.classes[digit];
    const [x, y] = pixelsOf(code, side, plane);
    pen.beginPath();
    pen.arc(x, y, DOT, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.globalAlpha = 1;
  if (only === null) return;
  pen.font = `bold 13px ${look.font}`;
  pen.textAlign = 'center';
  pen.lineWidth = 3;
  pen.strokeStyle = look.paper;
  pen.fillStyle = look.classes[only];
  for (const { code } of seen.filter(({ digit }) => digit === only)) {
    const [x, y] = pixelsOf(code, side, plane);
    pen.strokeText(String(only), x, y);
    pen.fillText(String(only), x, y);
  }
}
