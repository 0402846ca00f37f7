// A run is asked about at its pace, from the version that is known, and no longer than it goes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { pass, restart, settled } from './clock.js';
import { Watcher } from '../../ui/train/watcher.js';

let asked, told, replies, seen;

beforeEach(() => {
  restart();
  [asked, told, replies, seen] = [[], [], [], true];
});

function watcher() {
  return new Watcher({
    ask: async (token, since) => {
      asked.push([token, since]);
      return replies.shift() ?? Promise.reject(new Error('cut'));
    },
    show: ({ version }) => told.push(version),
    lost: () => told.push('lost'),
    found: () => told.push('found'),
    gone: (token, boot) => told.push(['gone', token, boot]),
    seen: () => seen,
  });
}

const running = (version) => ({ state: 'running', version });

test('each question says what is known, six times a second', async () => {
  replies = [running(3), running(5), running(8)];
  watcher().follow('t');
  await settled();
  await pass(159);
  assert.equal(asked.length, 1);
  await pass(1);
  await pass(160);
  assert.deepEqual(asked, [['t', 0], ['t', 3], ['t', 5]]);
  assert.deepEqual(told, [3, 5, 8]);
});

for (const [state, looked, pace] of [['waiting', true, 1000], ['running', false, 2000], ['waiting', false, 2000]]) {
  test(`${state}, ${looked ? 'seen' : 'hidden'}: every ${pace} ms`, async () => {
    seen = looked;
    replies = [{ state, version: 1 }, { state, version: 2 }];
    watcher().follow('t');
    await settled();
    await pass(pace - 1);
    assert.equal(asked.length, 1);
    await pass(1);
    assert.equal(asked.length, 2);
  });
}

test('what is no answer is as good as none', async () => {
  replies = ['not here', 7, { state: 'ended', version: 2 }];
  watcher().follow('t');
  await settled();
  await pass(500);
  await pass(1000);
  assert.deepEqual(told, ['lost', 'lost', 'found', 2]);
});

test('a run that is over is not asked about', async () => {
  replies = [{ state: 'ended', version: 9 }];
  watcher().follow('t');
  await settled();
  await pass(60_000);
  assert.deepEqual([asked.length, told], [1, [9]]);
});

test('a run that is gone is told with the name of the server', async () => {
  replies = [{ hint: 'gone', boot: 'b' }];
  watcher().follow('t');
  await settled();
  assert.deepEqual(told, [['gone', 't', 'b']]);
});

test('a cut line is asked again ever more rarely, and told when it is back', async () => {
  watcher().follow('t');
  await settled();
  for (const pause of [500, 1000, 2000, 4000, 8000, 8000]) {
    const before = asked.length;
    await pass(pause - 1);
    assert.equal(asked.length, before);
    if (pause === 8000) replies = [running(1)];
    await pass(1);
    assert.equal(asked.length, before + 1);
    if (pause === 8000) break;
  }
  assert.deepEqual(told.slice(-3), ['lost', 'found', 1]);
});

test('another run takes the place of the one before', async () => {
  replies = [running(1), running(2)];
  const one = watcher();
  one.follow('a');
  one.follow('b');
  await settled();
  assert.deepEqual(told, [2]);
  one.leave();
  await pass(10_000);
  assert.equal(asked.length, 2);
});

test('whoever is woken asks at once', async () => {
  replies = [{ state: 'waiting', version: 1 }, running(2)];
  const one = watcher();
  one.follow('t');
  await settled();
  one.wake();
  await settled();
  assert.deepEqual(told, [1, 2]);
});

test('an answer that takes longer than ten seconds is none', async () => {
  replies = [new Promise(() => {})];
  watcher().follow('t');
  await settled();
  await pass(10_000);
  assert.deepEqual(told, ['lost']);
});
