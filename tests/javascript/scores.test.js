// The table of scores: its order, its best, and its files.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bestOf, csvOf, jsonOf, measuredOrder, places, scoreOf } from '../../ui/compare/scores.js';

const who = (name) => ({ key: name, name, title: name, told: false });
const HEADS = 'name,amount,mse,error\n';
const cell = (name, amount, mse, more = {}) => ({
  done: 2, of: 2, csv: `${HEADS}${name},${amount},${mse},\n`, facts: {
    data: 'MNIST', digits: 2, seed: 0, rows: [{
      name, model: name, parameters: 0, kind: 'blend', mse: { [amount]: mse }, psnr: { [amount]: 10 },
      ssim: { [amount]: 1 }, read: {}, interval: null, milliseconds: 4,
      intervals: { mse: { [amount]: [mse, mse] }, psnr: { [amount]: [9, null] } }, ...more,
    }],
  },
});
const FAILED = {
  done: 0, of: 2, csv: `${HEADS}bad,,,no luck\n`,
  facts: {
    data: 'MNIST', digits: 2, seed: 0,
    rows: [{ name: 'bad', model: '', parameters: 0, kind: 'blend', error: 'no luck' }],
  },
};

test('the kind that is looked at comes first, whoever is slow last, and else the order of the command line', () => {
  const all = places(['blend', 'speckle'], ['a', 'slow', 'b'].map(who), ['0.5', 'uniform']);
  const short = (list) => list.map((place) => `${place.who.name}${place.kind[0]}${place.amount[0]}`).join(' ');
  assert.equal(short(all), 'ab0 abu slowb0 slowbu bb0 bbu as0 asu slows0 slowsu bs0 bsu');
  const order = measuredOrder(all, 'speckle', (name) => name === 'slow');
  assert.equal(short(order), 'as0 asu bs0 bsu ab0 abu bb0 bbu slows0 slowsu slowb0 slowbu');
});

test('a score has its interval; what JSON does not know is infinite; an open cell and a failed one have none', () => {
  assert.deepEqual(scoreOf(cell('a', '0.5', 0.25), 'mse', '0.5'), { value: 0.25, low: 0.25, high: 0.25 });
  assert.deepEqual(scoreOf(cell('a', '0.5', 0), 'psnr', '0.5'), { value: 10, low: 9, high: Infinity });
  assert.equal(scoreOf({ done: 1, of: 2, facts: null, csv: null }, 'mse', '0.5'), null);
  assert.equal(scoreOf(FAILED, 'mse', '0.5'), null);
  assert.equal(scoreOf(undefined, 'mse', '0.5'), null);
});

test('the lowest error is the best, and the highest of all else', () => {
  assert.equal(bestOf([null, 0.3, 0.1, 0.2], 'mse'), 2);
  assert.equal(bestOf([null, 20, Infinity, 30], 'psnr'), 2);
  assert.equal(bestOf([0.5, 0.9, null], 'read'), 1);
  assert.equal(bestOf([null, null], 'ssim'), -1);
});

test('the lines of a file have their heads once, and an error once', () => {
  const cells = [cell('a', '0.5', 0.25), cell('a', 'uniform', 0.5), FAILED, { ...FAILED }];
  assert.equal(csvOf(cells), `${HEADS}a,0.5,0.25,\na,uniform,0.5,\nbad,,,no luck\n`);
});

test('the JSON has a row for everybody, with all amounts, and the mean of the times', () => {
  const cells = [cell('a', '0.5', 0.25), cell('a', 'uniform', 0.5, { interval: 0.01, milliseconds: 8 }), FAILED];
  const { rows, ...facts } = JSON.parse(jsonOf(cells));
  assert.deepEqual(facts, { data: 'MNIST', digits: 2, seed: 0 });
  assert.deepEqual(rows[0].mse, { 0.5: 0.25, uniform: 0.5 });
  assert.deepEqual(rows[0].intervals.mse, { 0.5: [0.25, 0.25], uniform: [0.5, 0.5] });
  assert.equal(rows[0].interval, 0.01);
  assert.equal(rows[0].milliseconds, 6);
  assert.equal(rows[1].error, 'no luck');
  assert.equal(rows.length, 2);
});
