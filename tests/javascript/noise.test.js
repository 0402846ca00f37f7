// The noise of each seed: fetched once, kept, and the oldest given up.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { NoiseFields } from '../../ui/draw/noise.js';
import { AREA } from '../../ui/shared/pixels.js';

let asked, status;

beforeEach(() => {
  [asked, status] = [[], 200];
  globalThis.document = { baseURI: 'http://page.test/lab/' };
  globalThis.fetch = async (address) => {
    asked.push(String(address));
    const { seed, count } = Object.fromEntries(new URL(address).searchParams);
    const fields = Float32Array.from({ length: AREA * count }, (_, place) => Number(seed) + Math.floor(place / AREA));
    return { ok: status === 200, status, arrayBuffer: async () => fields.buffer };
  };
});

test('each of several seeds gets its own field', async () => {
  const noise = new NoiseFields();
  await noise.fetch('uniform', 7, 3);
  assert.deepEqual(asked, ['http://page.test/lab/worker/noise?distribution=uniform&seed=7&count=3']);
  for (const seed of [7, 8, 9]) {
    const field = noise.get('uniform', seed);
    assert.ok(field.length === AREA && field.every((value) => value === seed));
  }
  assert.equal(noise.get('uniform', 10), undefined);
  assert.equal(noise.get('normal', 7), undefined);
});

test('who asks while it is on its way waits for the same answer', async () => {
  const noise = new NoiseFields();
  await Promise.all([noise.fetch('normal', 1), noise.fetch('normal', 1)]);
  assert.equal(asked.length, 1);
});

test('a refusal rejects, and it can be asked for again', async () => {
  const noise = new NoiseFields();
  status = 503;
  await assert.rejects(noise.fetch('normal', 1), /503/);
  status = 200;
  await noise.fetch('normal', 1);
  assert.ok(noise.get('normal', 1));
});

test('of very many the oldest make way', async () => {
  const noise = new NoiseFields();
  for (let seed = 0; seed < 320; seed += 64) await noise.fetch('uniform', seed, 64);
  assert.equal(noise.get('uniform', 63), undefined);
  assert.ok(noise.get('uniform', 64) && noise.get('uniform', 319));
});
