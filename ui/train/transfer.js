// Files up and down. The token that opens them travels in a header, as an address would be written into logs.

import { saveBlob } from '../shared/saving.js';

export class TransferProblem extends Error {}  // its message is the name of a fault

/** @type {Record<number, string>} */
const REFUSALS = { 413: 'upload_large', 429: 'busy', 503: 'busy' };

/**
 * Sends a checkpoint; gives the token of its run.
 * @param {File} file
 * @param {number} most bytes
 * @returns {Promise<string>}
 */
export async function uploadCheckpoint(file, most) {
  if (file.size > most) throw new TransferProblem('upload_large');
  const headers = { 'X-Name': encodeURIComponent(file.name) };
  const request = fetch(addressOf('training/checkpoint'), { method: 'POST', headers, body: file });
  const answer = await request.catch(() => undefined);
  if (!answer) throw new TransferProblem('lost');
  const { token } = await answer.json().catch(() => ({}));
  if (token) return token;
  throw new TransferProblem(REFUSALS[answer.status] ?? 'upload');
}

/**
 * @param {string | null} token
 * @param {string} kind checkpoint, card or timelapse
 */
export async function saveFile(token, kind) {
  const request = fetch(addressOf(`training/file?kind=${kind}`), { headers: { 'X-Run': token ?? '' } });
  const answer = await request.catch(() => undefined);
  if (!answer) throw new TransferProblem('lost');
  if (!answer.ok) throw new TransferProblem(answer.status === 404 ? 'gone' : 'busy');
  saveBlob(await answer.blob(), nameIn(answer.headers.get('content-disposition')) ?? kind);
}

/** @param {string | null} disposition */
const nameIn = (disposition) => /filename="([^"]+)"/.exec(disposition ?? '')?.[1];

/**
 * The page may live below a path, and Gradio knows which.
 * @param {string} path
 */
const addressOf = (path) => `${(window.gradio_config?.root ?? '').replace(/\/$/, '')}/${path}`;
