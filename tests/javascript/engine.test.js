// The worker's side of the page: answers go to whoever asked, and a worker that dies or hangs is replaced once.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { pass, restart, settled } from './clock.js';
import { Engine, canCompute } from '../../ui/shared/engine.js';

const FILES = {
  worker: 'worker/a.js', runtime: 'worker/b.mjs', wasm: 'worker/c.wasm', stages: { drown: 'worker/d.onnx' },
  networks: {}, readers: {}, fields: {},
};
const NETWORK = { graph: 'worker/e.onnx', weights: 'worker/f.weights' };

let workers;

beforeEach(() => {
  restart();
  workers = [];
  globalThis.document = { baseURI: 'http://page.test/lab/' };
  globalThis.Worker = class {
    constructor(address) {
      Object.assign(this, { address, asked: [], ended: false });
      workers.push(this);
    }

    postMessage(message) { this.asked.push(message); }

    terminate() { this.ended = true; }

    async answer(what) {
      this.onmessage({ data: { id: this.asked.at(-1).id, ...what } });
      await settled();
    }
  };
});

async function ready() {
  const engine = new Engine(FILES);
  const loading = engine.load('net', NETWORK);
  await settled();
  await workers.at(-1).answer({ answer: undefined });
  await workers.at(-1).answer({ answer: ['net'] });
  await loading;
  return engine;
}

test('what it needs is fetched from the base of the page', async () => {
  const engine = await ready();
  const [{ ask, wish }, { wish: network }] = workers[0].asked;
  assert.equal(workers[0].address, 'http://page.test/lab/worker/a.js');
  assert.equal(ask, 'open');
  assert.deepEqual(wish.stages, { drown: 'http://page.test/lab/worker/d.onnx' });
  assert.equal(network.weights, 'http://page.test/lab/worker/f.weights');
  assert.ok(engine.isReady('net') && !engine.isReady('net', 'other'));
});

test('one that is closed ends its worker, and may be opened again', async () => {
  const engine = await ready();
  const waiting = engine.speed({ network: 'net', batch: 4 });
  assert.deepEqual(workers[0].asked.at(-1).wish, { network: 'net', batch: 4 });
  engine.close();
  await assert.rejects(waiting, /closed/);
  assert.ok(workers[0].ended && !engine.isReady('net') && !engine.broken);
  engine.close();
  assert.ok(!engine.broken);
});

test('a glimpse comes before the answer, and each goes to whoever asked', async () => {
  const engine = await ready();
  const seen = [];
  const first = engine.denoise({ n: 1 }, (sight) => seen.push(sight));
  const { id } = workers[0].asked.at(-1);
  const second = engine.denoise({ n: 2 });
  await workers[0].answer({ answer: 'two' });
  workers[0].onmessage({ data: { id, sight: 'pictures' } });
  workers[0].onmessage({ data: { id, answer: 'one' } });
  assert.deepEqual([await first, await second, seen], ['one', 'two', ['pictures']]);
});

test('a question that cannot be answered fails alone', async () => {
  const engine = await ready();
  const asked = engine.denoise({});
  await workers[0].answer({ problem: 'Error: no network' });
  await assert.rejects(asked, /no network/);
  assert.ok(engine.isReady('net') && !workers[0].ended);
});

test('a worker that hangs is ended, another one begins, and after that there is none', async () => {
  const engine = await ready();
  for (const last of [false, true]) {
    const asked = engine.denoise({});
    asked.catch(() => {});
    await pass(4000);
    await assert.rejects(asked, /no answer to denoise/);
    assert.ok(workers.at(-1).ended && !engine.isReady('net'));
    assert.equal(engine.broken, last);
    if (last) break;
    const loading = engine.load('net', NETWORK);
    await settled();
    await workers.at(-1).answer({ answer: undefined });
    await workers.at(-1).answer({ answer: ['net'] });
    await loading;
  }
  assert.equal(workers.length, 2);
});

test('whoever answered well for long may fail once more', async () => {
  const engine = await ready();
  for (let life = 0; life < 3; life++) {
    for (let i = 0; i < 500; i++) {
      const asked = engine.denoise({});
      await workers.at(-1).answer({ answer: i });
      await asked;
    }
    workers.at(-1).onerror({ preventDefault() {} });
    assert.ok(!engine.broken);
    const loading = engine.load('net', NETWORK);
    await settled();
    await workers.at(-1).answer({ answer: undefined });
    await workers.at(-1).answer({ answer: ['net'] });
    await loading;
  }
});

test('a worker that fails lets down all that wait', async () => {
  const engine = await ready();
  const asked = [engine.denoise({}), engine.denoise({})];
  workers[0].onerror({ message: 'the worker failed', preventDefault() {} });
  for (const one of asked) await assert.rejects(one, /the worker failed/);
});

test('what did not arrive may be asked for again and again', async () => {
  const engine = new Engine(FILES);
  for (let attempt = 0; attempt < 4; attempt++) {
    const loading = engine.load('net', NETWORK);
    await settled();
    workers.at(-1).answer({ problem: 'TypeError: Failed to fetch' });
    await assert.rejects(loading, /Failed to fetch/);
    assert.ok(!engine.broken);
  }
});

test('a worker that did not arrive itself may be asked for again and again', async () => {
  const engine = new Engine(FILES);
  for (let attempt = 0; attempt < 4; attempt++) {
    const loading = engine.load('net', NETWORK);
    await settled();
    workers.at(-1).onerror({ preventDefault() {} });  // as browsers do: without a message
    await assert.rejects(loading, /Failed to fetch/);
    assert.ok(!engine.broken);
  }
});

test('without vectors or workers nothing is computed', () => {
  assert.ok(canCompute());
  const { validate } = WebAssembly;
  WebAssembly.validate = () => false;
  assert.ok(!canCompute());
  WebAssembly.validate = validate;
  delete globalThis.Worker;
  assert.ok(!canCompute());
});
