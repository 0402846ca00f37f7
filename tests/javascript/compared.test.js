// Two answers that are the same but for rounding, and what each side takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toBase64 } from '../../ui/shared/pixels.js';
import { Times, areAlike } from '../../ui/draw/compared.js';

function answer({ pixel = 100, reading = 0.5 } = {}) {
  const seen = (value) => ({
    pixels: toBase64(Uint8Array.from({ length: 784 }, (_, place) => (place === 400 ? value : 7))),
    readings: Array.from({ length: 10 }, (_, digit) => (digit === 3 ? reading : 0.01)),
  });
  return { digit: seen(9).pixels, noisy: seen(50), denoised: seen(pixel) };
}

test('one level and a thousandth are rounding, two levels are not', () => {
  assert.ok(areAlike(answer(), answer()));
  assert.ok(areAlike(answer({ pixel: 101, reading: 0.501 }), answer()));
  assert.ok(!areAlike(answer({ pixel: 102 }), answer()));
  assert.ok(!areAlike(answer({ reading: 0.502 }), answer()));
});

test('not a number is unlike everything', () => {
  assert.ok(!areAlike(answer({ reading: NaN }), answer()));
});

test('the median of the last fifteen counts', () => {
  const times = new Times();
  assert.equal(times.median, Infinity);
  for (const ms of [500, 9, 8, 10]) times.add(ms);
  assert.equal(times.median, 10);
  for (let i = 0; i < 15; i++) times.add(3);
  assert.equal(times.median, 3);
});
