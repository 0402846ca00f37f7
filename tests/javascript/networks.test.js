// What a network learned, in words, and what of a wish goes beyond it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { aboutOwn, learnedBy, nearestLearned, unlearned } from '../../ui/draw/networks.js';
import { text } from '../../ui/shared/words.js';

Object.assign(text, {
  model_own_about: 'yours', model_own_learned: '{kinds}; {amounts}; {digits}', model_own_clean: 'clean; {digits}',
  learned_kinds: '{kinds}', learned_all_kinds: 'every noise', learned_digits: 'digits {digits}',
  learned_all_digits: 'all digits', unlearned_any: 'never', unlearned_kind: 'only {kinds}',
  unlearned_amount: '{lowest} to {highest}', 'kind.salt_pepper.within': 'salt and pepper',
});
const EVERY = ['blend', 'gaussian', 'salt_pepper'];
const network = (kinds, amounts, digits) => ({ learned: { kinds, amounts, digits } });
const PEPPER = network(['salt_pepper'], [0.2, 0.8], [0, 1]);

test('kinds, amounts and digits are said', () => {
  assert.equal(aboutOwn(PEPPER, EVERY), 'salt and pepper; 20–80 %; digits 0 1');
  assert.equal(aboutOwn(network(['salt_pepper', 'blend'], [0.5, 0.5], [7]), EVERY),
    'salt and pepper, blend; 50 %; digits 7');
});

test('all of them are said as all', () => {
  const everything = network(EVERY, [0, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(aboutOwn(everything, EVERY), 'every noise; 0–100 %; all digits');
});

test('one that learned from clean digits has no noise to be said', () => {
  assert.equal(aboutOwn(network(['blend'], [0, 0], [3]), EVERY), 'clean; digits 3');
});

const UNKNOWN = [
  {}, { learned: null }, { learned: { kinds: 'blend' } }, network([], [0, 1], []), network(EVERY, [1], []),
];
for (const unknown of UNKNOWN) {
  test(`${JSON.stringify(unknown)}: nobody knows`, () => {
    assert.equal(learnedBy(unknown), null);
    assert.equal(aboutOwn(unknown, EVERY), 'yours');
    assert.equal(unlearned(unknown, 'blend', 50), '');
    assert.deepEqual(nearestLearned(unknown, 'blend', 50), { kind: 'blend', amount: 50 });
  });
}

test('what goes beyond it is told; no noise never does', () => {
  const of = (amount) => unlearned(PEPPER, 'salt_pepper', amount);
  assert.deepEqual([19, 20, 80, 81].map(of), ['20 to 80', '', '', '20 to 80']);
  assert.deepEqual([50, 0].map((amount) => unlearned(PEPPER, 'blend', amount)), ['only salt and pepper', '']);
  assert.equal(unlearned(network(['blend'], [0, 0], []), 'blend', 5), 'never');
});

test('the nearest wish that it learned', () => {
  assert.deepEqual(nearestLearned(PEPPER, 'blend', 95), { kind: 'salt_pepper', amount: 80 });
  assert.deepEqual(nearestLearned(PEPPER, 'salt_pepper', 5), { kind: 'salt_pepper', amount: 20 });
});
