// A PNG that other programs read, with a text that only this one looks for.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inflateSync } from 'node:zlib';
import { checksum, textOfPng, toPng } from '../../ui/draw/png.js';

const pixels = Uint8Array.from({ length: 784 }, (_, place) => (7 * place) % 256);
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

test('the checksum is that of the standard', () => {
  assert.equal(checksum(new TextEncoder().encode('123456789')), 0xcbf43926);
  assert.equal(checksum(new TextEncoder().encode('IEND')), 0xae426082);
});

test('pixels and text come back, each chunk with its checksum', async () => {
  const file = Buffer.from(await bytesOf(await toPng(pixels, '1eAbc-_')));
  assert.equal(textOfPng(new Uint8Array(file)), '1eAbc-_');
  const chunks = {};
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    assert.equal(file.readUInt32BE(at + 8 + length), checksum(file.subarray(at + 4, at + 8 + length)));
    chunks[name] = file.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  assert.deepEqual(Object.keys(chunks), ['IHDR', 'tEXt', 'IDAT', 'IEND']);
  const rows = inflateSync(chunks.IDAT);
  const read = Array.from({ length: 28 }, (_, row) => [...rows.subarray(29 * row + 1, 29 * row + 29)]).flat();
  assert.deepEqual(read, [...pixels]);
});

test('other files have no text', async () => {
  const file = await bytesOf(await toPng(pixels));
  assert.equal(textOfPng(file), null);
  assert.equal(textOfPng(file.subarray(0, 30)), null);
  assert.equal(textOfPng(new Uint8Array()), null);
  assert.equal(textOfPng(Uint8Array.of(255, 216, 255)), null);
  const signature = [137, 80, 78, 71, 13, 10, 26, 10];
  const endless = Uint8Array.of(...signature, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 255, 255, 255, 255);
  assert.equal(textOfPng(endless), null);
});
