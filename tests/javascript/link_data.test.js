// What a link holds comes back as it was; whatever is no link is refused by name.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Reader, Writer } from '../../ui/draw/bytes.js';
import { BadLink, fromLink, toLink } from '../../ui/draw/link_data.js';

const LIMITS = { canvas: 280, sent: 112 };
const SETTINGS = {
  kind: 'salt_pepper', model: 'simple_unet', amount: 0.37, seed: 2147483647, told: true, clean_only: false,
};

function random(seed) {
  let state = seed;
  return () => {
    state = (1103515245 * state + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function scribble(seed) {
  const next = random(seed);
  const whole = (most) => Math.floor(most * next());
  return Array.from({ length: 1 + whole(5) }, (_, place) => {
    if (whole(4) === 0) {
      const pixels = (side) => Uint8Array.from({ length: side ** 2 }, () => whole(256));
      return { picture: { drawing: pixels(112), plain: pixels(whole(2) ? 28 : 112) }, fresh: true, opening: false };
    }
    const points = Array.from({ length: 1 + whole(80) }, () => [whole(2800) / 10, (whole(2800) - 100) / 10]);
    return { points, width: [12, 20, 28][whole(3)], fresh: place === 0, opening: Boolean(whole(2)) };
  });
}

test('drawings of all sorts come back as they were', async () => {
  for (let seed = 1; seed < 60; seed++) {
    const linked = { settings: { ...SETTINGS, amount: (seed % 101) / 100 }, marks: scribble(seed), language: 'zh' };
    const link = await toLink(linked);
    assert.match(link, /^1z[\w-]+$/);
    assert.deepEqual(await fromLink(link, LIMITS), linked);
  }
});

test('an ordinary digit takes a few hundred letters', async () => {
  const points = Array.from({ length: 120 }, (_, i) => [
    Math.round(1400 + 900 * Math.cos(i / 19)) / 10, Math.round(1400 + 1100 * Math.sin(i / 19)) / 10,
  ]);
  const marks = [{ points, width: 20, fresh: true, opening: false }];
  assert.ok((await toLink({ settings: SETTINGS, marks, language: 'en' })).length < 600);
});

test('a link of tomorrow and a damaged one are told apart', async () => {
  const link = await toLink({ settings: SETTINGS, marks: scribble(3), language: 'en' });
  const fails = (text, hint) => assert.rejects(fromLink(text, LIMITS), (problem) => (
    problem instanceof BadLink && problem.message === hint));
  await fails(`2${link.slice(1)}`, 'link_newer');
  for (const text of ['', '1', '1%%', '1AAAA', link.slice(0, -9), 'x'.repeat(70_000), '<script>']) {
    await fails(text, text.startsWith('x') && text.length < 60_000 ? 'link_newer' : 'link_damaged');
  }
  const next = random(9);
  for (let i = 0; i < 300; i++) {
    const at = 2 + Math.floor((link.length - 2) * next());
    const spoiled = `${link.slice(0, at)}${'ABCxyz019-_'[Math.floor(11 * next())]}${link.slice(at + 1)}`;
    if (spoiled !== link) await fails(spoiled, 'link_damaged');
  }
});

test('what would fill the memory is refused before it does', async () => {
  const huge = (write) => {
    const writer = new Writer();
    for (const text of ['blend', 'residual_unet']) writer.text(text);
    for (const value of [50, 3, 0]) writer.whole(value);
    write(writer);
    return packedLink(writer.bytes);
  };
  const strokes = (writer) => {
    writer.whole(2000);
    for (let i = 0; i < 2000; i++) {
      for (const value of [1, 20, 100]) writer.whole(value);
      for (let point = 0; point < 200; point++) writer.signed(0);
    }
  };
  for (const write of [
    (writer) => writer.whole(1e9),
    strokes,  // each may be, all together may not
    (writer) => writer.raw(new Uint8Array(3_000_000)),
  ]) {
    await assert.rejects(fromLink(await huge(write), LIMITS), BadLink);
  }
});

async function packedLink(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return `1e${Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')}`;
}

test('numbers of any size come back, and none beyond what is allowed', () => {
  const writer = new Writer();
  const values = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 40];
  for (const value of values) writer.whole(value);
  for (const value of values) writer.signed(-value);
  const reader = new Reader(writer.bytes);
  assert.deepEqual(values.map(() => reader.whole(2 ** 41)), values);
  assert.deepEqual(values.map(() => reader.signed(2 ** 41)), values.map((value) => 0 - value));
  assert.ok(reader.done);
  assert.throws(() => new Reader(Uint8Array.of(0x80, 0x80)).whole(9), RangeError);
  assert.throws(() => new Reader(Uint8Array.of(10)).whole(9), RangeError);
});
