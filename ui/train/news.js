// The sentence that says how a run stands: its name, and what to fill into it.

import { text } from '../shared/words.js';
import { plain } from './numbers.js';

/** @import { News, Run, Started } from '../types.d.ts' */

/**
 * @param {Run} run
 * @param {boolean} reads whether the network that is chosen reads; the run's own says so itself
 * @param {string} ownSource what the server calls the project's own digits
 * @returns {News}
 */
export function newsOf({ reads: its, ...run }, reads, ownSource) {
  if (run.state === 'waiting') return ofWaiting(run);
  if (run.state === 'running') return ofRunning(run, ownSource);
  if (run.state !== 'ended') return [its ?? reads ? 'idle_read' : 'idle', { button: text.start }];
  return ofEnded(run, its ?? reads);
}

/**
 * In steps of five seconds: it is only a guess.
 * @param {Run} run
 * @returns {News}
 */
const ofWaiting = ({ place, wait = 0 }) => ['waiting', { place, wait: Math.max(5, 5 * Math.round(wait / 5)) }];

/**
 * One sentence, and two more where it takes long. A run that is told is announced only every ten seconds.
 * @param {Run} run
 * @param {string} ownSource
 * @returns {News}
 */
function ofRunning({ preparing, started, prepared = 0, others }, ownSource) {
  if (!preparing && started) {
    return ['running', { count: plain(started.count), source: sourceName(started, ownSource) }];
  }
  const seconds = 10 * Math.floor(prepared / 10);
  const more = seconds ? [...(others ? ['crowded'] : []), 'so_far'] : [];
  return [preparing || 'worker', { seconds }, ...more];
}

/**
 * @param {Run} run
 * @param {boolean} reads
 * @returns {News}
 */
function ofEnded({ reason, usable, started, best }, reads) {
  if (!started && usable) return [reads ? 'uploaded_read' : 'uploaded', { button: text.start_again }];
  if (!started) return [reason === 'stopped' ? 'left' : 'failed'];
  if (reason === 'killed' && !usable) return ['failed'];
  if (reason !== 'budget' || !best) return [reason || 'ended'];
  const { wrong = 1, mse = Infinity } = best;
  if (reads) return wrong < 0.95 * started.nothing ? ['reads', { share: plain(100 * (1 - wrong), 1) }] : ['guesses'];
  const gone = 1 - mse / started.nothing;
  return gone > 0.05 ? ['better', { share: Math.round(100 * gone) }] : ['worse'];
}

/**
 * @param {Started} started
 * @param {string} ownSource
 */
const sourceName = ({ source }, ownSource) => source.replace(ownSource, text.data_own_named);
