// Who comes first, and who is the best.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { best, sorted } from '../../ui/compare/order.js';

const entry = (name, psnr, ssim, ms, equal = false) => ({ name, rated: { name, ms, shown: { psnr, ssim, equal } } });
const names = (entries) => entries.map(({ name }) => name).join(' ');
const ENTRIES = [
  entry('a', 12, 0.5, 3), entry('b', 20, 0.4, 1), { name: 'waits', rated: null }, entry('c', 20, 0.9, 2),
];

test('the given order stays, and those that wait are last in every other', () => {
  assert.equal(names(sorted(ENTRIES, 'given')), 'a b waits c');
  assert.equal(names(sorted(ENTRIES, 'psnr')), 'b c a waits');
  assert.equal(names(sorted(ENTRIES, 'ssim')), 'c a b waits');
  assert.equal(names(sorted(ENTRIES, 'ms')), 'b c a waits');
  assert.equal(names(ENTRIES), 'a b waits c');
});

test('the best is the nearest, whoever is the quickest', () => {
  assert.equal(best(ENTRIES, 'ms').name, 'b');
  assert.equal(best(ENTRIES, 'given').name, 'b');
  assert.equal(best(ENTRIES, 'ssim').name, 'c');
  assert.equal(best([...ENTRIES, entry('same', null, 1, 9, true)], 'psnr').name, 'same');
  assert.equal(best([{ name: 'waits', rated: null }], 'psnr'), null);
});
