// What stands in the form: recipes by budget, what an optimizer changes of them, and which typing is a number.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IN_RECIPES, numberIn, recipeFor, usualOf, written } from '../../ui/train/recipes.js';

const RECIPE = {
  kinds: ['blend'], amounts: [0, 1], optimizer: 'muon', learning_rate: 0.02, schedule: 'cosine', weight_decay: 0,
  batch_size: 128, patience: 0, dropout: 0, augment: true,
};
const SHORT = { ...RECIPE, learning_rate: 0.05 };
const NETWORK = {
  model: 'm', reads: false, shipped: [],
  recipes: [[30, { recommended: SHORT }], [600, { recommended: RECIPE, tutorial: { ...RECIPE, kinds: [] } }]],
};

test('the recipe is that of the smallest budget that is enough, and beyond all the last', () => {
  assert.equal(recipeFor(NETWORK, 'recommended', 30), SHORT);
  assert.equal(recipeFor(NETWORK, 'recommended', 30.1), RECIPE);
  assert.equal(recipeFor(NETWORK, 'recommended', 9999), RECIPE);
  assert.deepEqual(recipeFor(NETWORK, 'tutorial', 100).kinds, []);
});

test('another optimizer brings its own numbers, that of the recipe none', () => {
  const others = { adam: { learning_rate: 0.00001, weight_decay: 0.5 }, muon: { learning_rate: 9 } };
  const usual = usualOf(RECIPE, 'adam', others);
  assert.deepEqual([usual.learning_rate, usual.weight_decay, usual.batch_size], ['1e-5', '0.5', '128']);
  assert.equal(usualOf(RECIPE, 'muon', others).learning_rate, '0.02');
  assert.deepEqual(Object.keys(usual), IN_RECIPES);
});

test('small numbers are written so that they can be read', () => {
  assert.deepEqual([0.0001, 0.00002, 0, 15].map(written), ['0.0001', '2e-5', '0', '15']);
  assert.deepEqual([true, 'cosine'].map(written), ['true', 'cosine']);
});

const TYPED = [
  ['1', 1], [' 2.5 ', 2.5], ['2,5', 2.5], ['.5', 0.5], ['5.', 5], ['1e1', 10], ['+3', 3], ['0', 0], ['10', 10],
  ['-1', null], ['10.1', null], ['', null], ['x', null], ['1e', null], ['0x5', null], ['1 2', null], ['NaN', null],
  ['Infinity', null], ['1e999', null], ['1,2,3', null],
];
for (const [typed, value] of TYPED) {
  test(`"${typed}" is ${value ?? 'no number from 0 to 10'}`, () => {
    assert.equal(numberIn('dropout', typed, [0, 10]), value);
  });
}

test('what counts is whole', () => {
  assert.deepEqual(['3', '3.0', '3.5'].map((typed) => numberIn('batch_size', typed, [1, 10])), [3, 3, null]);
});
