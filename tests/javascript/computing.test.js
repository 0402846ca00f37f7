// Where a picture is computed: what was measured, what was chosen, and what to do where a side is silent.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { pass, restart, settled } from './clock.js';
import { Computing } from '../../ui/draw/computing.js';
import { AREA, toBase64 } from '../../ui/shared/pixels.js';

const FILES = { graph: 'worker/a.onnx', weights: 'worker/b.weights' };
const PROPS = {
  kinds: ['blend', 'poisson'],
  worker: {
    worker: '', runtime: '', wasm: '', stages: {}, fields: { blend: 'uniform', poisson: null },
    networks: { net: FILES }, readers: { default: FILES },
  },
};
const DRAWN = {
  drawing: new Uint8Array(112 * 112), kind: 'blend', seed: 1, amount: 0.5, told: false, clean_only: false,
  model: 'net', reader: 'default',
};

let computing, server, engine, takes, said;

const seen = { pixels: toBase64(new Uint8Array(AREA)), readings: Array(10).fill(0.1) };
const answer = { digit: seen.pixels, noisy: seen, denoised: seen, ms: 1, device: 'cpu' };
const after = (ms, value) => new Promise((done) => { setTimeout(() => done(value), ms); });

beforeEach(() => {
  restart();
  globalThis.window = new EventTarget();
  globalThis.document = Object.assign(new EventTarget(), { baseURI: 'http://page.test/' });
  globalThis.fetch = async () => ({ ok: true, arrayBuffer: async () => new Float32Array(AREA).buffer });
  [takes, said] = [{ here: 5, server: 40 }, []];
  server = { denoise: () => after(takes.server, answer) };
  engine = {
    ready: new Set(),
    isReady: (...keys) => keys.every((key) => engine.ready.has(key)),
    load: async (key) => { engine.ready.add(key); },
    warm: async () => {},
    denoise: () => after(takes.here, answer),
  };
  computing = new Computing({
    props: PROPS, server, state: () => DRAWN, changed: () => {}, say: (hint) => said.push(hint),
  });
  computing.engine = engine;
});

async function prepared() {
  computing.prepare();
  await pass(1000);
}

async function asked(state = DRAWN, ms = 100) {
  const asking = computing.ask(state, () => {});
  await pass(ms);
  return asking;
}

test('until both sides were compared the server answers, then the quicker one', async () => {
  assert.equal((await asked()).where, 'server');
  await prepared();
  assert.equal((await asked()).where, 'here');
});

test('a server that is quicker is taken, unless the visitor chose', async () => {
  takes = { here: 50, server: 10 };
  await prepared();
  assert.equal((await asked()).where, 'server');
  computing.choose('here');
  assert.equal((await asked()).where, 'here');
});

test('what only the server can goes there', async () => {
  await prepared();
  assert.equal((await asked({ ...DRAWN, kind: 'poisson' })).where, 'server');
  assert.equal(computing.reason({ ...DRAWN, kind: 'poisson' }), 'poisson');
});

test('where the quicker server is gone the browser answers the same question, and the next at once', async () => {
  takes = { here: 50, server: 10 };
  await prepared();
  server.denoise = async () => { throw new TypeError('Failed to fetch'); };
  assert.equal((await asked()).where, 'here');
  server.denoise = () => { throw new Error('asked in vain'); };
  assert.equal((await asked()).where, 'here');
});

test('a server that is silent is not waited for, where the browser can', async () => {
  takes = { here: 50, server: 10 };
  await prepared();
  server.denoise = () => new Promise(() => {});
  assert.equal((await asked(DRAWN, 2100)).where, 'here');
  computing.choose('server');
  let done = false;
  computing.ask(DRAWN, () => {}).then(() => { done = true; });
  await pass(60_000);
  assert.ok(!done);
});

test('a picture in which only the server finds the digit is no fault of the browser', async () => {
  const { denoise } = engine;
  engine.denoise = async () => null;
  await prepared();
  assert.deepEqual([said, computing.reason(DRAWN)], [[], null]);
  engine.denoise = denoise;
  await pass(31_000);
  engine.denoise = async () => null;
  const { where, why } = await asked();
  assert.deepEqual([where, why, said], ['server', 'photo', []]);
  server.denoise = async () => { throw new TypeError('Failed to fetch'); };
  assert.equal(await asked(), undefined);
});

test('where the browser fails the server answers the same question', async () => {
  await prepared();
  engine.denoise = async () => { throw new Error('no answer'); };
  assert.equal((await asked()).where, 'server');
});

test('a browser that computes something else is told of once, and not used', async () => {
  const wrong = { ...answer, denoised: { ...seen, pixels: toBase64(new Uint8Array(AREA).fill(2)) } };
  engine.denoise = () => after(5, wrong);
  await prepared();
  assert.deepEqual(said, ['computing_differs']);
  assert.equal((await asked()).where, 'server');
  await settled();
  assert.equal(computing.reason(DRAWN), 'network');
});

test('what did not arrive is asked for after half a minute, or as soon as the device is back on the net', async () => {
  let attempts = 0;
  engine.load = async () => { attempts++; throw new Error('TypeError: Failed to fetch'); };
  await prepared();
  assert.equal((await asked()).where, 'server');
  assert.equal(attempts, 1);
  await pass(30_000);
  assert.equal(attempts, 2);
  engine.load = async (key) => { engine.ready.add(key); };
  window.dispatchEvent(new Event('online'));
  await pass(1000);
  assert.equal((await asked()).where, 'here');
  await pass(60_000);  // nothing that waited finds it out anew
  assert.equal((await asked()).where, 'here');
});

test('a network that the server keeps is not asked for again', async () => {
  let attempts = 0;
  engine.load = async () => { attempts++; throw new Error('Error: 409 worker/network'); };
  await prepared();
  await pass(120_000);
  await asked();
  assert.deepEqual([attempts, said, computing.reason(DRAWN)], [1, [], 'network']);
});

test('a browser that cannot is told of once, and asked for nothing more', async () => {
  engine.load = async () => { engine.broken = true; throw new Error('no answer to open'); };
  await prepared();
  await pass(120_000);
  assert.equal((await asked()).where, 'server');
  assert.deepEqual([said, computing.reason(DRAWN)], [['computing_cannot'], 'cannot']);
});

test('whoever saves data is sent nothing without a wish, and a page that nobody sees fetches nothing', async () => {
  navigator.connection = { saveData: true };
  await prepared();
  assert.equal(engine.ready.size, 0);
  document.hidden = true;
  computing.choose('here');
  await pass(1000);
  assert.equal(engine.ready.size, 0);
  document.hidden = false;
  await prepared();
  assert.deepEqual([...engine.ready], ['net', 'reader']);
  delete navigator.connection;
});
