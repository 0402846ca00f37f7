// The two networks that a state needs, one that denoises and one that reads: their keys, and where they come from.

import { ownNetworks } from '../shared/own.js';

/** @import { NetworkFiles, State, WorkerFiles } from '../types.d.ts' */

/** @param {State} state */
export const keysOf = ({ model, reader }) => [keyOfOne(model), reader === 'default' ? 'reader' : keyOfOne(reader)];

/** @param {State} state */
export const keyOf = (state) => keysOf(state).join(' ');

/**
 * Undefined for one that only the server has.
 * @param {State} state
 * @param {WorkerFiles} shipped
 * @returns {(NetworkFiles | undefined)[]}
 */
export const filesOf = ({ model, reader }, { networks, readers }) => [
  ownFiles(model, false) ?? networks[model], ownFiles(reader, true) ?? readers[reader],
];

/**
 * A network of the visitor is another one once it was trained on.
 * @param {string} name of a shipped network, or token
 */
function keyOfOne(name) {
  const own = ownNetworks.find(name);
  return own ? `${name} ${own.renewed ?? 0}` : name;
}

/**
 * @param {string} name
 * @param {boolean} reads
 * @returns {NetworkFiles | undefined}
 */
const ownFiles = (name, reads) => ownNetworks.find(name)
  && { weights: `worker/network?reads=${Number(reads)}`, headers: { 'X-Run': name } };
