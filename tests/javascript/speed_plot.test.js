// Where a speed lies on a logarithmic scale.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decades, share } from '../../ui/compare/speed_plot.js';

test('each power of two is as far from the next', () => {
  const places = [1, 2, 4, 512, 1024].map((batch) => Number(share(batch, 1, 1024).toFixed(6)));
  assert.deepEqual(places, [0, 0.1, 0.2, 0.9, 1]);
});

test('the scale goes from the power of ten below all to the one above', () => {
  assert.deepEqual(decades([]), [10, 100, 1000]);
  assert.deepEqual(decades([250, 1302]), [10, 100, 1000, 10_000]);
  assert.deepEqual(decades([3, 1000]), [1, 10, 100, 1000]);
});
