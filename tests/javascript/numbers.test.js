// Round numbers of an axis, and how numbers are written.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { axisNumber, decades, errorNumber, evenly, plain, round125, shortNumber } from '../../ui/train/numbers.js';

const ROUND = Array.from({ length: 31 }, (_, i) => [1, 2, 5].map((first) => Number(`${first}e${i - 15}`))).flat();

test('every number lies between its round ones, and no round one is nearer', () => {
  for (let value = 1.1e-14; value < 1e14; value *= 1.37) {
    const [below, above] = [round125(value, Math.floor), round125(value, Math.ceil)];
    assert.equal(below, ROUND.findLast((round) => round <= value), String(value));
    assert.equal(above, ROUND.find((round) => round >= value), String(value));
  }
});

test('round numbers are their own', () => {
  for (const round of ROUND.slice(1, -1)) {
    assert.equal(round125(round, Math.floor), round);
    assert.equal(round125(round, Math.ceil), round);
  }
});

test('a logarithmic axis has 1, 2, 5, and of many decades the powers of ten alone', () => {
  assert.deepEqual(decades(0.01, 0.2), [0.01, 0.02, 0.05, 0.1, 0.2]);
  assert.deepEqual(decades(0.001, 0.2), [0.001, 0.01, 0.1]);
});

test('an even axis goes from nothing to the end by round steps', () => {
  assert.deepEqual(evenly(15, 6), [0, 5, 10, 15]);
  assert.deepEqual(evenly(0.2, 4), [0, 0.05, 0.1, 0.15, 0.2]);
  assert.deepEqual(evenly(0.3, 3), [0, 0.1, 0.2, 0.3]);
});

test('numbers are as short as they can be read', () => {
  assert.deepEqual([null, undefined, 0, 0.01234, 0.000123, 341140].map(shortNumber),
    ['–', '–', '0', '0.0123', '1.2e-4', '341,000']);
  assert.deepEqual([0.05, 5, 99999, 2e5].map(axisNumber), ['0.05', '5', '100,000', '2e+5']);
  assert.deepEqual([plain(1234.56), plain(1234.56, 1)], ['1,235', '1,234.6']);
});

test('errors have all as many places, and a missing one a dash', () => {
  assert.equal(errorNumber(0.05), '0.0500');
  assert.equal(errorNumber(0.11726), '0.1173');
  assert.equal(errorNumber(null), '–');
});
