// The keys of every drawing program.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { historyKey } from '../../ui/draw/keys.js';

const CASES = [
  ['Ctrl+z', 'undo'], ['Meta+z', 'undo'], ['Ctrl+Z', 'undo'], ['Ctrl+Shift+Z', 'redo'], ['Meta+Shift+z', 'redo'],
  ['Ctrl+y', 'redo'], ['Ctrl+Shift+y', null], ['z', null], ['Shift+Z', null], ['Ctrl+Alt+z', null], ['Ctrl+x', null],
];

for (const [keys, wish] of CASES) {
  test(`${keys}: ${wish ?? 'nothing'}`, () => {
    const held = keys.split('+');
    const [ctrlKey, metaKey, shiftKey, altKey] = ['Ctrl', 'Meta', 'Shift', 'Alt'].map((key) => held.includes(key));
    assert.equal(historyKey({ key: held.at(-1), ctrlKey, metaKey, shiftKey, altKey }), wish);
  });
}
