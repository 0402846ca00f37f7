// A part of the page as a picture file: its canvases, drawings and words, as they stand there.

import { make } from './dom.js';
import { contextOf } from './pixels.js';

const SCALE = 2;   // pixels of the file for one of the page
const MARGIN = 16;
const DRAWN = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font', 'text-anchor'];

/**
 * A PNG of what is seen of `root`; what scrolls sideways in it is there as far as it is seen.
 * @param {HTMLElement} root
 * @returns {Promise<Blob>}
 */
export async function pictureOf(root) {
  const { left, top, width, height } = root.getBoundingClientRect();
  const canvas = make('canvas', {
    width: Math.ceil(SCALE * (width + 2 * MARGIN)), height: Math.ceil(SCALE * (height + 2 * MARGIN)),
  });
  const context = contextOf(canvas);
  context.scale(SCALE, SCALE);
  context.fillStyle = groundOf(root);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(MARGIN - left, MARGIN - top);
  context.imageSmoothingEnabled = false;  // the pixels are what is shown
  await paint(context, root);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture came out'))), 'image/png');
  });
}

// The first ground that is not transparent, from here outwards.
/** @param {Element} root */
function groundOf(root) {
  for (let node = /** @type {Element | null} */ (root); node; node = node.parentElement) {
    const { backgroundColor } = getComputedStyle(node);
    if (!/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor)) return backgroundColor;
  }
  return '#fff';
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Node} node
 * @returns {Promise<void>}
 */
async function paint(context, node) {
  if (node instanceof Text) return words(context, node);
  if (!(node instanceof Element) || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return;
  const box = node.getBoundingClientRect();
  const image = node instanceof SVGSVGElement ? await loaded(node) : node instanceof HTMLCanvasElement ? node : null;
  if (image) return context.drawImage(image, box.left, box.top, box.width, box.height);
  if (node instanceof HTMLElement) ground(context, node, box);
  if (node instanceof HTMLSelectElement || node.classList.contains('unseen')) return;  // its choices are no words
  for (const child of node.childNodes) await paint(context, child);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} node
 * @param {DOMRect} box
 */
function ground(context, node, { left, top, width, height }) {
  const { backgroundColor, outlineStyle, outlineColor, outlineWidth } = getComputedStyle(node);
  context.fillStyle = backgroundColor;
  context.fillRect(left, top, width, height);
  if (outlineStyle !== 'solid') return;
  [context.strokeStyle, context.lineWidth] = [outlineColor, parseFloat(outlineWidth)];
  context.strokeRect(left, top, width, height);
}

/**
 * Line by line, where the browser broke them.
 * @param {CanvasRenderingContext2D} context
 * @param {Text} node
 */
function words(context, node) {
  const { parentElement: parent, data } = node;
  if (!parent || !data.trim()) return;
  const { color, font, opacity } = getComputedStyle(parent);
  Object.assign(context, { fillStyle: color, font, globalAlpha: Number(opacity), textBaseline: 'alphabetic' });
  /** @type {{ at: DOMRect, line: string }[]} */ const lines = [];
  const range = document.createRange();
  for (let place = 0; place < data.length; place++) {
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    const at = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (last && Math.abs(last.at.top - at.top) < 2) last.line += data[place];
    else if (at.width) lines.push({ at, line: data[place] });
  }
  for (const { at, line } of lines) {
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = context.measureText(line);
    context.fillText(line.trimEnd(), at.left, at.top + (at.height - above - below) / 2 + above);
  }
  context.globalAlpha = 1;
}

/**
 * The drawing as an image, with the look that the page's styles give it.
 * @param {SVGSVGElement} svg
 */
async function loaded(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const [originals, copies] = [[svg, ...svg.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
  for (const [at, original] of originals.entries()) {
    const style = getComputedStyle(original);
    copies[at].setAttribute('style', DRAWN.map((name) => `${name}:${style.getPropertyValue(name)}`).join(';'));
  }
  const image = new Image();
  const text = new XMLSerializer().serializeToString(copy);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return image;
}
