// One request in flight, the newest state in the next, and failures asked again more and more rarely.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { pass, restart, settled } from './clock.js';
import { Link } from '../../ui/shared/link.js';

let asked, shown, lost, busy, state;

beforeEach(() => {
  restart();
  globalThis.window = new EventTarget();  // without whoever listened before
  globalThis.document = new EventTarget();
  [asked, shown, lost, busy, state] = [[], [], 0, [], 'a'];
});

function link() {
  return new Link({
    state: () => state,
    ask: (what) => new Promise((reply, fail) => { asked.push({ what, reply, fail }); }),
    show: (reply) => shown.push(reply),
    lost: () => { lost++; },
    busy: (is) => busy.push(is),
  });
}

async function answer(value) {
  asked.at(-1).reply(value);
  await settled();
}

test('while one is in flight others wait, and only the newest is sent', async () => {
  const one = link();
  for (const next of ['a', 'b', 'c', 'd']) {
    state = next;
    one.touch();
  }
  assert.deepEqual(asked.map(({ what }) => what), ['a']);
  await answer({ n: 1 });
  assert.deepEqual(asked.map(({ what }) => what), ['a', 'd']);
  await answer({ n: 2 });
  assert.deepEqual(shown, [{ n: 1 }, { n: 2 }]);
  assert.equal(busy.at(-1), false);
});

test('pauses double from half a second to eight', async () => {
  const pauses = [];
  link().touch();
  for (let failure = 0; failure < 7; failure++) {
    const before = asked.length;
    asked.at(-1).fail(new Error('cut'));
    let waited = 0;
    for (; asked.length === before; waited += 250) await pass(250);
    pauses.push(waited);
  }
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(lost, 7);
});

test('an answer that says busy is shown, asked again, and nobody is told that the line is cut', async () => {
  link().touch();
  await answer({ hint: 'busy' });
  await pass(500);
  assert.deepEqual([asked.length, shown, lost], [2, [{ hint: 'busy' }], 0]);
});

test('after success the first pause is short again', async () => {
  const one = link();
  one.touch();
  await answer(undefined);
  await pass(500);
  await answer({});
  one.touch();
  await answer(undefined);
  await pass(500);
  assert.equal(asked.length, 4);
});

test('what was forgotten is not shown, and not asked again', async () => {
  const one = link();
  one.touch();
  one.forget();
  await answer({ n: 1 });
  one.touch();
  one.forget();
  await answer(undefined);
  await pass(60_000);
  assert.deepEqual([asked.length, shown], [2, []]);
});

test('without a state nothing is asked', () => {
  state = null;
  link().touch();
  assert.equal(asked.length, 0);
});

test('back on the net it asks at once, and an answer that comes after all is left alone', async () => {
  link().touch();
  window.dispatchEvent(new Event('online'));
  assert.equal(asked.length, 2);
  asked[0].reply({ n: 1 });
  await settled();
  assert.deepEqual(shown, []);
  await answer({ n: 2 });
  assert.deepEqual(shown, [{ n: 2 }]);
});

test('who waits for more than eight seconds is told so, once for each request', async () => {
  link().touch();
  await pass(7999);
  assert.equal(lost, 0);
  await pass(1);
  assert.equal(lost, 1);
});

test('a page that nobody sees asks for nothing, and for the newest once it is seen', async () => {
  const one = link();
  document.hidden = true;
  for (const next of ['b', 'c']) {
    state = next;
    one.touch();
  }
  assert.equal(asked.length, 0);
  document.hidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual(asked.map(({ what }) => what), ['c']);
  await answer({ n: 1 });
  document.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual([asked.length, shown], [1, [{ n: 1 }]]);
});

test('what failed while nobody saw the page is asked again once it is seen', async () => {
  link().touch();
  document.hidden = true;
  await answer(undefined);
  await pass(60_000);
  assert.equal(asked.length, 1);
  document.hidden = false;
  document.dispatchEvent(new Event('visibilitychange'));
  assert.equal(asked.length, 2);
});
