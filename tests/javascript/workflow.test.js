// What is said of a remedy: that it helped, that it only brought the curves together, or that it did not help.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWords } from '../../ui/shared/words.js';
import { effectOf } from '../../ui/train/workflow.js';

const words = {
  workflow_better: 'lower {percent}',
  workflow_worse: 'no',
  workflow_closer: 'closer {percent}',
  workflow_fewer: 'only {share}',
};
addWords({ en: words, zh: words });

/** @type {(training: number, validation: number) => any} */
const run = (training, validation) => ({
  step: 2, settings: { patience: 0 }, training: [[1, 9], [2, training]], validation: [[1, 9], [2, validation]],
});
const FIRST = run(0.02, 0.06);

test('a lower validation error is what helps', () => {
  assert.equal(effectOf(run(0.044, 0.045), FIRST), 'lower 25');
  assert.equal(effectOf(run(0.01, 0.054), FIRST), 'lower 10');  // however far the curves part
});

test('curves that only come together are told apart from what helps', () => {
  assert.equal(effectOf(run(0.05, 0.07), FIRST), 'closer 50');
  assert.equal(effectOf(run(0.08, 0.07), FIRST), 'closer 100');
});

test('what changes nothing, or does harm, is said to be of no help', () => {
  assert.equal(effectOf(FIRST, FIRST), 'no');
  assert.equal(effectOf(run(0.02, 0.07), FIRST), 'no');
  assert.equal(effectOf({ ...FIRST, training: [], validation: [] }, FIRST), 'no');
});

test('a run that made fewer steps is not compared, unless it ended early by itself', () => {
  assert.equal(effectOf({ ...run(0.044, 0.045), step: 1 }, FIRST), 'only 50');
  assert.equal(effectOf({ ...run(0.044, 0.045), step: 1, settings: { patience: 3 } }, FIRST), 'lower 25');
});
