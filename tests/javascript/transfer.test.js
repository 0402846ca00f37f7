// Files up and down: where they go, what travels with them, and what each refusal is called.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { saveFile, uploadCheckpoint } from '../../ui/train/transfer.js';

const FILE = { name: '数字 1.safetensors', size: 5 };
let asked, saved, reply;

beforeEach(() => {
  [asked, saved] = [[], []];
  window.gradio_config = { root: 'https://host/lab/' };
  globalThis.fetch = async (address, request) => {
    asked.push({ address, ...request });
    return reply();
  };
  URL.createObjectURL = () => 'blob:1';
  URL.revokeObjectURL = () => {};
  document.createElement = () => ({ click() { saved.push(this.download); } });
  globalThis.setTimeout = () => {};
});

const answer = (status, body, headers = {}) => () => new Response(body, { status, headers });

test('a checkpoint goes below the page, with its name, and its token comes back', async () => {
  reply = answer(200, '{"token":"t"}');
  assert.equal(await uploadCheckpoint(FILE, 5), 't');
  assert.deepEqual(asked, [{
    address: 'https://host/lab/training/checkpoint', method: 'POST', body: FILE,
    headers: { 'X-Name': '%E6%95%B0%E5%AD%97%201.safetensors' },
  }]);
});

test('a file that is too large is not sent', async () => {
  await assert.rejects(uploadCheckpoint(FILE, 4), { message: 'upload_large' });
  assert.deepEqual(asked, []);
});

const REFUSED = { 413: 'upload_large', 429: 'busy', 503: 'busy', 400: 'upload', 500: 'upload', 200: 'upload' };
for (const [status, name] of Object.entries(REFUSED)) {
  test(`an upload answered ${status} without a token: ${name}`, async () => {
    reply = answer(Number(status), 'no JSON');
    await assert.rejects(uploadCheckpoint(FILE, 5), { message: name });
  });
}

test('a file is saved by the name that the server gives, and its token is in no address', async () => {
  reply = answer(200, 'film', { 'content-disposition': 'attachment; filename="my-net.gif"' });
  await saveFile('secret', 'timelapse');
  assert.deepEqual(saved, ['my-net.gif']);
  assert.deepEqual(asked, [{
    address: 'https://host/lab/training/file?kind=timelapse', headers: { 'X-Run': 'secret' },
  }]);
});

test('without a name it is called by its kind', async () => {
  reply = answer(200, 'card');
  await saveFile('secret', 'card');
  assert.deepEqual(saved, ['card']);
});

for (const [status, name] of [[404, 'gone'], [503, 'busy'], [500, 'busy']]) {
  test(`a download answered ${status}: ${name}`, async () => {
    reply = answer(status, '');
    await assert.rejects(saveFile('t', 'card'), { message: name });
  });
}

test('no answer at all is a cut line', async () => {
  reply = () => Promise.reject(new TypeError('offline'));
  await assert.rejects(uploadCheckpoint(FILE, 5), { message: 'lost' });
  await assert.rejects(saveFile('t', 'card'), { message: 'lost' });
});

test('at the root of a host there is nothing before the path', async () => {
  reply = answer(200, '');
  for (const config of [{ root: 'http://host' }, {}, undefined]) {
    window.gradio_config = config;
    await saveFile('t', 'card');
  }
  assert.deepEqual(asked.map(({ address }) => address),
    ['http://host/training/file?kind=card', '/training/file?kind=card', '/training/file?kind=card']);
});
