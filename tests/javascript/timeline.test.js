// When a step was made: known moments, even between them, and on as fast as the last.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Timeline } from '../../ui/train/timeline.js';

function timeline(...moments) {
  const made = new Timeline();
  for (const moment of moments) made.add(...moment);
  return made;
}

test('before anything is known all is at the start', () => {
  assert.deepEqual([0, 1, 100].map((step) => timeline().at(step)), [0, 0, 0]);
});

test('between known moments it is even, beyond them as fast as the last', () => {
  const made = timeline([10, 1], [30, 5]);
  assert.deepEqual([0, 5, 10, 20, 30, 40].map((step) => made.at(step)), [0, 0.5, 1, 3, 5, 7]);
});

test('an older moment changes nothing', () => {
  const made = timeline([10, 1], [10, 9], [4, 9]);
  assert.equal(made.at(10), 1);
});
