// What is on the canvas: strokes and pictures, and what of them is seen after undo, redo and clear.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Canvas } from './canvas.js';
import { Ink } from '../../ui/draw/ink.js';

const PICTURE = { drawing: new Uint8Array(16), plain: new Uint8Array(4) };
let ink;

beforeEach(() => { ink = new Ink(new Canvas(), { canvas: 280, sent: 112 }); });

function stroke(...points) {
  ink.begin(points[0], 20);
  for (const point of points.slice(1)) ink.extend(point);
}

const lines = () => ink.sketch.log.filter(({ from }) => from).map(({ from, to }) => [from, to]);

test('a stroke is its segments, and begins as a dot that no browser leaves out', () => {
  stroke([10, 20], [30, 40], [30, 40]);
  assert.deepEqual(lines(), [[[10, 20], [10.01, 20]], [[10, 20], [30, 40]], [[30, 40], [30.01, 40]]]);
  assert.deepEqual(ink.screen.log, ink.sketch.log);
});

test('what is redrawn is what was drawn', () => {
  stroke([1, 2], [3, 4]);
  stroke([5, 6]);
  const before = ink.sketch.log;
  ink.redraw();
  assert.deepEqual(ink.sketch.log, before);
});

test('what is sent has its own size, whatever the screen shows', () => {
  ink.resize(777);
  assert.deepEqual([ink.screen.canvas.width, ink.screen.k], [777, 777 / 280]);
  assert.deepEqual([ink.sketch.canvas.width, ink.sketch.k], [112, 0.4]);
  assert.equal(ink.pixels().length, 112 * 112);
});

test('undo and redo walk through the strokes, and a new one ends what can be redone', () => {
  stroke([1, 1]);
  stroke([2, 2]);
  ink.undo();
  assert.equal(lines().length, 1);
  ink.redo();
  assert.equal(lines().length, 2);
  ink.undo();
  stroke([3, 3]);
  ink.redo();
  assert.deepEqual(lines().map(([from]) => from), [[1, 1], [3, 3]]);
});

test('an empty canvas can be undone, too', () => {
  stroke([1, 1]);
  ink.clear();
  assert.ok(ink.empty && lines().length === 0);
  ink.clear();  // once is enough
  ink.undo();
  assert.ok(!ink.empty && lines().length === 1);
});

test('the first stroke replaces what was given, and undo brings it back', () => {
  ink.place(PICTURE, ['example', { label: 3 }]);
  assert.deepEqual(ink.given, ['example', { label: 3 }]);
  stroke([1, 1]);
  stroke([2, 2]);
  assert.equal(ink.given, null);
  assert.deepEqual(ink.sketch.log.map(({ image }) => Boolean(image)), [false, false]);
  ink.undo();
  ink.undo();
  assert.deepEqual(ink.sketch.log.map(({ image }) => Boolean(image)), [true]);
  assert.deepEqual(ink.given, ['example', { label: 3 }]);
});

test('the digit that the page opens with cannot be undone', () => {
  ink.open([[[1, 1], [2, 2]]], 22, ['start', {}]);
  assert.ok(!ink.undoable && !ink.empty);
  ink.undo();
  assert.equal(lines().length, 2);
  stroke([9, 9]);
  assert.ok(ink.undoable);
  ink.undo();
  assert.deepEqual(ink.given, ['start', {}]);
});

test('a pen that is still down after undo draws nothing', () => {
  stroke([1, 1]);
  ink.undo();
  ink.extend([2, 2]);
  assert.ok(ink.empty && lines().length === 0);
});

test('pictures are drawn smoothly, or pixel by pixel where they are noisy already', () => {
  ink.place(PICTURE, ['uploaded', {}]);
  const { drawing, plain } = ink.marks[0].canvases;
  assert.equal(ink.sketch.log[0].image, drawing);
  ink.unsmoothed = true;
  ink.redraw();
  assert.equal(ink.sketch.log[0].image, plain);
});
