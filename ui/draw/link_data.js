// What a link holds: the marks that are seen and the settings, in as few bytes as that takes, in letters of an address.
// The first letter tells the version; a page only opens those that it knows. A checksum tells what was damaged.

import { SIDE } from '../shared/pixels.js';
import { Reader, Writer } from './bytes.js';

/** @import { Linked, Mark, Pair } from '../types.d.ts' */

const VERSION = '1';
/** @type {Record<string, string>} */
const LANGUAGES = { e: 'en', z: 'zh' };  // the second letter, which is read before the page has any other script
const LONGEST = 60_000;        // letters
const MOST_BYTES = 1_000_000;  // of what they hold, unpacked
const MOST_MARKS = 2_000;
const MOST_POINTS = 50_000;    // of all marks
const FINENESS = 10;           // of a unit of the canvas: as points are drawn and kept
const FARTHEST = 10_000;       // units: where a captured pen may have been
const [STROKE, PICTURE] = [1, 2];
const [FRESH, OPENING] = [4, 8];
const FLAGS = /** @type {const} */ (['told', 'clean_only']);

export class BadLink extends Error {}  // its message is the name of a hint

/**
 * @param {Linked} linked
 * @returns {Promise<string>}
 */
export async function toLink({ settings, marks, language }) {
  const writer = new Writer();
  writer.text(settings.kind);
  writer.text(settings.model);
  writer.whole(Math.round(100 * settings.amount));
  writer.whole(settings.seed);
  writer.whole(FLAGS.reduce((sum, name, place) => sum + (settings[name] ? 2 ** place : 0), 0));
  writer.whole(marks.length);
  for (const mark of marks) writeMark(writer, mark);
  return `${VERSION}${language[0]}${letters(await packed(writer.bytes))}`;
}

/**
 * @param {Writer} writer
 * @param {Mark} mark
 */
function writeMark(writer, { points, width = 0, picture, fresh, opening }) {
  writer.whole((points ? STROKE : 0) + (picture ? PICTURE : 0) + (fresh ? FRESH : 0) + (opening ? OPENING : 0));
  if (picture) {
    for (const pixels of [picture.drawing, picture.plain]) {
      writer.whole(Math.sqrt(pixels.length));
      writer.raw(pixels);
    }
  }
  if (!points) return;
  writer.whole(width);
  writer.whole(points.length);
  let before = [0, 0];
  for (const point of points) {
    const at = point.map((value) => Math.round(FINENESS * value));
    at.forEach((value, axis) => writer.signed(value - before[axis]));
    before = at;
  }
}

/**
 * @param {string} link
 * @param {{ canvas: number, sent: number }} limits
 * @returns {Promise<Linked>}
 */
export async function fromLink(link, limits) {
  if (!/^\w/.test(link) || link.length > LONGEST) throw new BadLink('link_damaged');
  if (link[0] !== VERSION) throw new BadLink('link_newer');
  try {
    const read = readAll(new Reader(await unpacked(bytesOf(link.slice(2)))), limits);
    return { ...read, language: LANGUAGES[link[1]] ?? 'en' };
  } catch {
    throw new BadLink('link_damaged');
  }
}

/**
 * @param {Reader} reader
 * @param {{ canvas: number, sent: number }} limits
 */
function readAll(reader, limits) {
  const [kind, model] = [reader.text(), reader.text()];
  const amount = reader.whole(100) / 100;
  const seed = reader.whole(2 ** 31 - 1);
  const flags = reader.whole(2 ** FLAGS.length - 1);
  const [told, clean_only] = FLAGS.map((_, place) => Boolean(flags & 2 ** place));
  const room = { points: MOST_POINTS };
  const marks = Array.from({ length: reader.whole(MOST_MARKS) }, () => readMark(reader, limits, room));
  if (!reader.done) throw new RangeError('more than there should be');
  return { settings: { kind, model, amount, seed, told, clean_only }, marks };
}

/**
 * @param {Reader} reader
 * @param {{ canvas: number, sent: number }} limits
 * @param {{ points: number }} room that is left
 * @returns {Mark}
 */
function readMark(reader, { canvas, sent }, room) {
  const what = reader.whole(STROKE + PICTURE + FRESH + OPENING);
  /** @type {Mark} */ const mark = { fresh: Boolean(what & FRESH), opening: Boolean(what & OPENING) };
  if (what & PICTURE) mark.picture = { drawing: square(reader, [sent]), plain: square(reader, [SIDE, sent]) };
  if (!(what & STROKE)) return mark;
  mark.width = reader.whole(canvas - 1);
  const count = reader.whole(room.points);
  room.points -= count;
  let at = [0, 0];
  mark.points = Array.from({ length: count }, () => {
    at = at.map((value) => value + reader.signed(2 * FINENESS * FARTHEST));
    if (at.some((value) => Math.abs(value) > FINENESS * FARTHEST)) throw new RangeError('too far');
    return /** @type {Pair} */ (at.map((value) => value / FINENESS));
  });
  if (!mark.width || !count) throw new RangeError('no stroke');
  return mark;
}

/**
 * @param {Reader} reader
 * @param {number[]} sides that it may have
 */
function square(reader, sides) {
  const side = reader.whole(Math.max(...sides));
  if (!sides.includes(side)) throw new RangeError('no picture');
  return reader.raw(side ** 2);
}

/** @param {Uint8Array} bytes */
const packed = (bytes) => through(bytes, new CompressionStream('deflate'));

/** @param {Uint8Array} bytes */
const unpacked = (bytes) => through(bytes, new DecompressionStream('deflate'));

/**
 * @param {Uint8Array} bytes
 * @param {CompressionStream | DecompressionStream} stream
 */
async function through(bytes, stream) {
  const reader = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let length = 0; ;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) throw new RangeError('too much');
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Uint8Array} bytes */
const letters = (bytes) => (
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));

/** @param {string} written */
const bytesOf = (written) => Uint8Array.from(
  atob(written.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0),
);
