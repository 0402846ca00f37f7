// Small things that everything else rests on: bytes in base64, words with details, and waiting for rest.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { pass, restart } from './clock.js';
import { Announcer, afterRest } from '../../ui/draw/rest.js';
import { drawing } from '../../ui/shared/drawing.js';
import { fromBase64, toBase64 } from '../../ui/shared/pixels.js';
import { addWords, text, withDetails } from '../../ui/shared/words.js';
import { bootOf, noteBoot } from '../../ui/train/kept_run.js';

beforeEach(() => {
  restart();
  localStorage.clear();
});

for (const length of [0, 1, 2, 3, 784, 8191, 8192, 8193, 112 * 112]) {
  test(`${length} bytes are what Node makes of them in base64, and come back`, () => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 131) % 256);
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  });
}

test('details fill the blanks of their names, each time, and nothing else', () => {
  assert.equal(withDetails('{a} and {b}, {a}; $& {', { a: 1, b: '$&' }), '1 and $&, 1; $& {');
});

test('each tab adds its words in the language of the page', () => {
  addWords({ en: { one: 'one' }, zh: { one: '一' } });
  addWords({ en: { two: 'two' }, zh: { two: '二' } });
  assert.deepEqual([text.one, text.two], ['one', 'two']);
});

test('it runs once after the last that was told', async () => {
  let runs = 0;
  const told = afterRest(700, () => { runs++; });
  for (let i = 0; i < 10; i++) {
    told();
    await pass(300);
  }
  assert.equal(runs, 0);
  await pass(400);
  assert.equal(runs, 1);
  await pass(5000);
  told();
  await pass(700);
  assert.equal(runs, 2);
});

test('each reading is announced once', () => {
  const said = [];
  const region = { set textContent(words) { said.push(words); } };
  const announcer = new Announcer(region);
  for (const words of ['3', '3', '5', '3']) announcer.say(words);
  assert.deepEqual(said, ['3', '5', '3']);
});

test('the board is found by whoever comes later, and told to whoever came before', () => {
  const seen = [];
  drawing.onArrival(() => seen.push(drawing.board));
  assert.equal(drawing.board, null);
  const board = {};
  drawing.lend(board);
  assert.deepEqual([seen, drawing.board], [[board], board]);
});

test('the server of a run is remembered until another run is', () => {
  noteBoot('t', 'a');
  noteBoot('t', undefined);
  assert.deepEqual([bootOf('t'), bootOf('other')], ['a', null]);
  noteBoot('other', 'b');
  assert.deepEqual([bootOf('t'), bootOf('other')], [null, 'b']);
});
