// Which run this browser shows, and which server had it: after a restart that is another one.

import { kept } from '../shared/kept.js';

export const RUN_KEY = 'denoiser.run';  // the token of the run that the tab shows
export const AGAIN_KEY = 'denoiser.again';  // a run that went on, for the other tabs of this browser
const BOOT_KEY = 'denoiser.boot';  // a token, and the name of its server

/**
 * @param {string | null} token
 * @param {string | undefined} boot
 */
export function noteBoot(token, boot) {
  if (boot && boot !== bootOf(token)) kept.set(BOOT_KEY, `${token} ${boot}`);
}

/** @param {string | null} token */
export function bootOf(token) {
  const [known, boot] = (kept.get(BOOT_KEY) ?? '').split(' ');
  return known === token ? boot : null;
}
