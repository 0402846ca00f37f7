// Places in the plane of two numbers: shares of its sides, words, and who lies around.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { around, codeAt, inWords, isWithin, shares, ticks } from '../../ui/inside/latent_plane.js';

const PLANE = { low: [-2, 10], high: [6, 30] };

test('the second number rises upwards, and what lies beyond is brought to the edge', () => {
  assert.deepEqual(shares([0, 25], PLANE), [0.25, 0.25]);
  assert.deepEqual(codeAt([0.25, 0.25], PLANE), [0, 25]);
  assert.deepEqual(codeAt([-3, 2], PLANE), [-2, 10]);
  assert.ok(isWithin([-2, 30], PLANE) && !isWithin([-2.01, 20], PLANE) && !isWithin([0, 31], PLANE));
});

test('the nearest neighbours are those in the picture, whatever the scales of its sides', () => {
  const plane = {
    low: [0, 0],
    high: [1, 1000],
    codes: [...Array(15).fill([0.5, 560]), ...Array(15).fill([0.6, 500]), ...Array(20).fill([0, 501])],
    labels: [...Array(15).fill(3), ...Array(15).fill(8), ...Array(20).fill(1)],
  };
  assert.deepEqual(around([0.5, 500], plane), [3]);
});

test('where nobody has half of the neighbours, the two most frequent are named', () => {
  const labels = [...Array(6).fill(4), ...Array(5).fill(9), ...Array(4).fill(7), ...Array(9).fill(0)];
  const codes = labels.map((label) => (label ? [0, 20] : [6, 30]));
  assert.deepEqual(around([0, 20], { ...PLANE, codes, labels }), [4, 9]);
});

test('ticks are round and within', () => {
  assert.deepEqual(ticks(-8.1, 1.9), [-8, -6, -4, -2, 0]);
  assert.deepEqual(ticks(0.111, 0.163), [0.12, 0.14, 0.16]);
  assert.deepEqual(ticks(-30, 30), [-20, 0, 20]);
});

test('a minus is a minus, and nothing is negative zero', () => {
  assert.deepEqual([-1.239, 0.5, -0.001].map((number) => inWords(number)), ['−1.24', '0.50', '0.00']);
});
