// The square on a photo: always within it, never too small, and a corner that is pulled leaves the one across alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { proposed, pulled, resized, within } from '../../ui/draw/square.js';

const SIZE = [400, 300];

// The same numbers each time (Park and Miller's generator).
function* random(seed = 7) {
  for (let state = seed; ;) {
    state = (state * 16807) % 2147483647;
    yield state / 2147483647;
  }
}

function isWithin({ x, y, side }, [width, height]) {
  const least = Math.min(width, height, Math.max(24, Math.min(width, height) / 40));
  return x >= 0 && y >= 0 && x + side <= width + 1e-9 && y + side <= height + 1e-9 && side >= least;
}

test('without anything found it is the middle', () => {
  assert.deepEqual(proposed(null, SIZE), { x: 110, y: 60, side: 180 });
});

test('around what was found there is room of half as much again', () => {
  assert.deepEqual(proposed([0.25, 0.5, 0.375, 0.75], SIZE), { x: 68.75, y: 131.25, side: 112.5 });
});

test('at the edge of a photo it is pushed inside', () => {
  assert.deepEqual(proposed([0, 0, 0.25, 0.2], SIZE), { x: 0, y: 0, side: 150 });
});

test('a photo that is smaller than the least square is taken whole', () => {
  assert.deepEqual(within({ x: 3, y: 3, side: 2 }, [20, 10]), { x: 3, y: 0, side: 10 });
});

test('resized, its middle stays where it is', () => {
  assert.deepEqual(resized({ x: 100, y: 100, side: 100 }, 1.5, SIZE), { x: 75, y: 75, side: 150 });
  assert.deepEqual(resized({ x: 100, y: 100, side: 100 }, 0.01, SIZE), { x: 138, y: 138, side: 24 });
});

const ACROSS = {
  nw: ({ x, y, side }) => [x + side, y + side],
  ne: ({ x, y, side }) => [x, y + side],
  sw: ({ x, y, side }) => [x + side, y],
  se: ({ x, y }) => [x, y],
};

for (const [corner, across] of Object.entries(ACROSS)) {
  test(`${corner} pulled anywhere: the corner across stays, and it is within the photo`, () => {
    const numbers = random();
    const next = () => numbers.next().value;
    for (let i = 0; i < 2000; i++) {
      const size = [50 + 900 * next(), 50 + 900 * next()];
      const before = within({ x: 900 * next(), y: 900 * next(), side: 600 * next() }, size);
      const after = pulled(before, corner, 1200 * (next() - 0.5), 1200 * (next() - 0.5), size);
      assert.ok(isWithin(after, size), JSON.stringify({ size, before, after }));
      across(before).forEach((place, axis) => assert.ok(Math.abs(place - across(after)[axis]) < 1e-9));
    }
  });
}
