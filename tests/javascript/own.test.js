// The list of the visitor's networks, whatever lies in the browser's memory.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ownNetworks } from '../../ui/shared/own.js';

const KEY = 'denoiser.networks';
const tokens = () => ownNetworks.all.map(({ token }) => token);

beforeEach(() => localStorage.clear());

test('the newest comes first, twelve are kept, and one that is known is completed', () => {
  for (let i = 0; i < 14; i++) ownNetworks.add({ token: `t${i}`, name: `n${i}` });
  assert.deepEqual(tokens(), [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((i) => `t${i}`));
  ownNetworks.add({ token: 't5', name: 'other', reads: true });
  assert.deepEqual(ownNetworks.all[0], { token: 't5', name: 'other', reads: true });
  ownNetworks.add({ token: 't5', parameters: 7 });
  assert.deepEqual(ownNetworks.all[0], { token: 't5', name: 'other', reads: true, parameters: 7 });
  assert.equal(tokens().length, 12);
});

test('one that was removed comes back to its place', () => {
  for (const token of ['a', 'b', 'c']) ownNetworks.add({ token, name: token });
  const network = ownNetworks.find('b');
  ownNetworks.remove('b');
  assert.deepEqual(tokens(), ['c', 'a']);
  ownNetworks.insert(network, 1);
  assert.deepEqual(tokens(), ['c', 'b', 'a']);
  ownNetworks.rename('b', 'B');
  assert.equal(ownNetworks.find('b').name, 'B');
});

test('every change is told, here and from another tab; what changes nothing is not', () => {
  let told = 0;
  ownNetworks.onChange(() => { told++; });
  ownNetworks.add({ token: 'a', name: 'a' });
  ownNetworks.remove('unknown');
  ownNetworks.remove(null);
  assert.equal(told, 1);
  window.dispatchEvent(Object.assign(new Event('storage'), { key: KEY }));
  window.dispatchEvent(Object.assign(new Event('storage'), { key: 'other' }));
  assert.equal(told, 2);
});

for (const damaged of ['', '{', 'null', '5', '{"token":"a"}', '[1,null,"x",{"name":"no token"}]']) {
  test(`${damaged || 'nothing'} is an empty list`, () => {
    localStorage.setItem(KEY, damaged);
    assert.deepEqual(ownNetworks.all, []);
  });
}

test('a memory that is full or forbidden breaks nothing', () => {
  localStorage.full = true;
  ownNetworks.add({ token: 'a', name: 'a' });
  localStorage.full = false;
  assert.deepEqual(ownNetworks.all, []);
});
