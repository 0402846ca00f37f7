// The sentence that says how a run stands.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { newsOf } from '../../ui/train/news.js';
import { text } from '../../ui/shared/words.js';

Object.assign(text, { start: 'Start', start_again: 'Again', data_own_named: 'our digits' });

const OWN = 'own';
const STARTED = { count: 48000, source: 'own, mixed', nothing: 0.1 };
const ENDED = { state: 'ended', reason: 'budget', usable: true, started: STARTED, best: { mse: 0.01 } };
const READER = { ...ENDED, reads: true, started: { ...STARTED, nothing: 0.9 } };
const CASES = [
  [{ state: 'idle' }, false, ['idle', { button: 'Start' }]],
  [{ state: 'idle' }, true, ['idle_read', { button: 'Start' }]],
  [{ state: 'idle', reads: false }, true, ['idle', { button: 'Start' }]],
  [{ state: 'waiting', place: 2, wait: 1 }, false, ['waiting', { place: 2, wait: 5 }]],
  [{ state: 'waiting', place: 2, wait: 23 }, false, ['waiting', { place: 2, wait: 25 }]],
  [{ state: 'running', started: null }, false, ['worker', { seconds: 0 }]],
  [{ state: 'running', started: null, preparing: 'digits', prepared: 9.9 }, false, ['digits', { seconds: 0 }]],
  [{ state: 'running', started: null, preparing: 'digits', prepared: 21 }, false,
    ['digits', { seconds: 20 }, 'so_far']],
  [{ state: 'running', preparing: 'worker', prepared: 10, others: true }, false,
    ['worker', { seconds: 10 }, 'crowded', 'so_far']],
  [{ state: 'running', started: STARTED }, false, ['running', { count: '48,000', source: 'our digits, mixed' }]],
  [ENDED, false, ['better', { share: 90 }]],
  [{ ...ENDED, best: { mse: 0.0951 } }, false, ['worse']],
  [{ ...ENDED, best: { mse: NaN } }, false, ['worse']],
  [{ ...ENDED, best: null }, false, ['budget']],
  [{ ...ENDED, reason: 'early' }, false, ['early']],
  [{ ...READER, best: { wrong: 0.012 } }, false, ['reads', { share: '98.8' }]],
  [{ ...READER, best: { wrong: 0.88 } }, false, ['guesses']],
  [{ ...ENDED, started: null }, false, ['uploaded', { button: 'Again' }]],
  [{ ...ENDED, started: null, reads: true }, false, ['uploaded_read', { button: 'Again' }]],
  [{ ...ENDED, started: null, usable: false, reason: 'stopped' }, false, ['left']],
  [{ ...ENDED, started: null, usable: false, reason: 'killed' }, false, ['failed']],
  [{ ...ENDED, usable: false, reason: 'killed' }, false, ['failed']],
  [{ ...ENDED, reason: 'killed' }, false, ['killed']],
];

for (const [run, reads, news] of CASES) {
  test(`${JSON.stringify(run)}: ${news[0]}`, () => assert.deepEqual(newsOf(run, reads, OWN), news));
}
