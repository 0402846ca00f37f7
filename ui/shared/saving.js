// A file for the visitor to keep.

import { make } from './dom.js';

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function saveBlob(blob, name) {
  const anchor = make('a', { href: URL.createObjectURL(blob), download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);  // some browsers fetch it after the click returns
}
