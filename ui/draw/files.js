// A picture file on its way to the server: small ones as they are, large photos made smaller first.

import { make } from '../shared/dom.js';
import { SIDE, contextOf, inBase64 } from '../shared/pixels.js';

const LARGEST_READ = 50 * 2 ** 20;  // bytes; a file beyond this is not even read
const LARGEST_SEEN = 60_000_000;    // pixels; a photo beyond this is not even decoded
export const PHOTO_SIDE = 1024;
const EXACT_SIDE = 17 * SIDE;       // odd for each of 28, so that the middle of each is again the middle of a pixel

export class FileProblem extends Error {}  // its message is the name of a hint

/**
 * Exact: no pixel is averaged with another. What is noise would be smoothed away on the way otherwise.
 * @param {File} file
 * @param {{ exact: boolean, most: number, shrink?: boolean }} how at most so many bytes
 */
export async function readyToSend(file, { exact, most, shrink = file.size > most }) {
  if (file.size > LARGEST_READ) throw new FileProblem('heavy');
  return inBase64(shrink ? await smaller(file, exact, most) : file);
}

/**
 * @param {File} file
 * @param {boolean} exact
 * @param {number} most
 */
const smaller = (file, exact, most) => withPhoto(file, (photo) => {
  const { naturalWidth: width, naturalHeight: height } = photo;
  const scale = Math.min(1, (exact ? EXACT_SIDE : PHOTO_SIDE) / Math.max(width, height));
  const canvas = make('canvas', { width: Math.ceil(width * scale), height: Math.ceil(height * scale) });
  const context = contextOf(canvas);
  Object.assign(context, { imageSmoothingEnabled: !exact, imageSmoothingQuality: 'high' });
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  return exact ? encoded(canvas, 'image/png') : compressed(canvas, most);  // exact fits, even where nothing shrinks
});

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} most bytes
 */
export async function compressed(canvas, most) {
  const webp = await encoded(canvas, 'image/webp');  // keeps transparency; Safari writes a PNG instead
  return webp.size <= most ? webp : encoded(canvas, 'image/jpeg');
}

/**
 * @template T
 * @param {File} file
 * @param {(photo: HTMLImageElement) => T | Promise<T>} use
 */
export async function withPhoto(file, use) {
  const url = URL.createObjectURL(file);
  try {
    const photo = await headerOf(url);
    if (photo.naturalWidth * photo.naturalHeight > LARGEST_SEEN) throw new FileProblem('large');
    return await use(photo);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} type
 * @returns {Promise<Blob>}
 */
const encoded = (canvas, type) => new Promise((done, failed) => {
  canvas.toBlob((blob) => (blob ? done(blob) : failed(new FileProblem('unreadable'))), type, 0.9);
});

/**
 * @param {string} url
 * @returns {Promise<HTMLImageElement>}
 */
function headerOf(url) {
  return new Promise((done, failed) => {
    const photo = new Image();
    photo.onload = () => done(photo);
    photo.onerror = () => failed(new FileProblem('unreadable'));
    photo.src = url;
  });
}

/**
 * By button, by drag and drop, by paste.
 * @param {HTMLElement} root
 * @param {HTMLElement} button
 * @param {HTMLInputElement} input
 * @param {(file: File) => void} take
 */
export function onPicture(root, button, input, take) {
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    if (input.files?.[0]) take(input.files[0]);
    input.value = '';  // the same file can be chosen again
  });
  /** @param {File | undefined} file */
  const takeHere = (file) => { if (file && root.offsetParent) take(file); };  // only while the tab is open
  // Anywhere on the page: a file that misses its mark would be opened in place of the page, and the drawing lost.
  document.addEventListener('dragover', (event) => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener('drop', (event) => {
    if (event.defaultPrevented || !carriesFiles(event)) return;
    event.preventDefault();
    takeHere(event.dataTransfer?.files[0]);
  });
  document.addEventListener('paste', (event) => takeHere(event.clipboardData?.files[0]));
}

/** @param {DragEvent} event */
const carriesFiles = (event) => Boolean(event.dataTransfer?.types.includes('Files'));
