// The board comes back as it was left; whatever else lies there is as if nothing did.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Canvas } from './canvas.js';
import { Ink } from '../../ui/draw/ink.js';
import { keepBoard, keptBoard } from '../../ui/draw/memory.js';
import { toBase64 } from '../../ui/shared/pixels.js';
import { text } from '../../ui/shared/words.js';

const KEY = 'denoiser.board';
const LIMITS = { canvas: 280, sent: 112, largest_file: 1, largest_seed: 1 };
const NOTHING = { marks: null, settings: {}, answer: null };
const PIXELS = toBase64(new Uint8Array(28 * 28));
const SEEN = { pixels: PIXELS, readings: Array(10).fill(0.1), psnr: 1, ssim: 1, equal: false };
const ANSWER = { digit: PIXELS, noisy: SEEN, denoised: SEEN, ms: 1, device: 'cpu' };
let ink;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  text.hint_example = 'An example';
  ink = new Ink(new Canvas(), LIMITS);
});

function draw(count) {
  ink.begin([0.123, 1], 20);
  for (let i = 1; i < count; i++) ink.extend([i % 280, 2.26]);
}

test('strokes come back to a tenth of a unit, with settings and answer', () => {
  draw(3);
  keepBoard(ink, { amount: '70' }, ANSWER);
  const { marks, settings, answer } = keptBoard(LIMITS);
  assert.deepEqual(marks, [{ fresh: false, opening: false, points: [[0.1, 1], [1, 2.3], [2, 2.3]], width: 20 }]);
  assert.deepEqual([settings, answer], [{ amount: '70' }, ANSWER]);
});

test('so do pictures, and what is said of them', () => {
  const picture = { drawing: new Uint8Array(112 * 112).fill(7), plain: new Uint8Array(28 * 28).fill(9) };
  ink.place(picture, ['example', { label: 3, source: 'MNIST' }]);
  keepBoard(ink, {}, null);
  const [mark] = keptBoard(LIMITS).marks;
  assert.deepEqual(mark.picture, picture);
  assert.deepEqual(mark.given, ['example', { label: '3', source: 'MNIST' }]);
});

test('each tab of the browser comes back with its own, a new one with the last', () => {
  draw(2);
  keepBoard(ink, { tab: 1 }, null);
  localStorage.setItem(KEY, localStorage.getItem(KEY).replace('"tab":1', '"tab":2'));
  assert.deepEqual(keptBoard(LIMITS).settings, { tab: 1 });
  sessionStorage.clear();
  assert.deepEqual(keptBoard(LIMITS).settings, { tab: 2 });
});

test('a long history is left out first, then how it was drawn', () => {
  draw(15_000);
  ink.clear();
  draw(10);
  keepBoard(ink, {}, null);
  assert.deepEqual(keptBoard(LIMITS).marks.map(({ points }) => points?.length), [15_000, undefined, 10]);
  draw(15_000);
  keepBoard(ink, {}, null);
  assert.deepEqual(keptBoard(LIMITS).marks.map(({ points }) => points?.length), [undefined, 10, 15_000]);
  draw(30_000);
  keepBoard(ink, {}, null);
  const { marks } = keptBoard(LIMITS);
  assert.deepEqual(marks.map(({ picture }) => picture.drawing.length), [112 * 112]);
  assert.ok(localStorage.getItem(KEY).length < 200_000);
});

test('an empty canvas is kept without its history', () => {
  draw(2);
  ink.clear();
  keepBoard(ink, { amount: '5' }, ANSWER);
  assert.deepEqual(keptBoard(LIMITS), { ...NOTHING, settings: { amount: '5' } });
});

const POINT = { points: [[1, 1]], width: 20 };
const DAMAGED = {
  nothing: '', half: '{"marks":[', null: 'null', number: '5', 'no list': { marks: 5 }, 'no mark': { marks: [null] },
  'a point of one number': { marks: [{ points: [[1]], width: 20 }] },
  'a point of words': { marks: [{ points: [['1', '2']], width: 20 }] },
  'a pen as wide as the canvas': { marks: [{ ...POINT, width: 280 }] },
  'no pen': { marks: [{ points: [[1, 1]] }] },
  'too many points': { marks: [{ ...POINT, points: Array(100_001).fill([1, 1]) }] },
  'a picture of another size': { marks: [{ picture: { drawing: PIXELS, plain: PIXELS } }] },
  'a picture of no bytes': { marks: [{ picture: { drawing: '§', plain: '§' } }] },
  'an unknown hint': { marks: [{ ...POINT, given: ['<script>', {}] }] },
};
for (const [name, damaged] of Object.entries(DAMAGED)) {
  test(`${name}: as if nothing was kept`, () => {
    localStorage.setItem(KEY, typeof damaged === 'string' ? damaged : JSON.stringify(damaged));
    assert.deepEqual(keptBoard(LIMITS), NOTHING);
  });
}

const NO_ANSWERS = {
  'a small picture': { ...ANSWER, digit: toBase64(new Uint8Array(5)) },
  'nine readings': { ...ANSWER, noisy: { ...SEEN, readings: Array(9).fill(0) } },
  'no time': { ...ANSWER, ms: null },
  'no device': { ...ANSWER, device: 3 },
};
for (const [name, answer] of Object.entries(NO_ANSWERS)) {
  test(`${name} is no answer`, () => {
    localStorage.setItem(KEY, JSON.stringify({ marks: [POINT], answer }));
    const board = keptBoard(LIMITS);
    assert.deepEqual([board.marks.length, board.answer], [1, null]);
  });
}
