// What can be done with a run that is over.

/** @import { Run } from '../types.d.ts' */

/**
 * The state of a large network is not kept: what follows is another run, which begins with what this one learned.
 * @param {Run} run
 */
export function goesOnFromWeights(run) {
  return run.state === 'ended' && run.usable && run.reason !== 'diverged' && run.started?.resumable === false;
}

/**
 * Whatever weights a run left that diverged, they are no network to draw with.
 * @param {Run} run
 */
export function isUsable(run) {
  return run.usable && run.reason !== 'diverged';
}
