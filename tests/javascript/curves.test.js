// From which amount of noise on another digit is read.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lostAt } from '../../ui/compare/curves.js';

test('the first that is misread counts, also where a later one is read again by luck', () => {
  assert.equal(lostAt({ digit: 3, read: [3, 3, 8, 3, 8] }), 0.5);
  assert.equal(lostAt({ digit: 3, read: [8, 3, 3, 3, 3] }), 0);
  assert.equal(lostAt({ digit: 3, read: [3, 3, 3, 3, 3] }), null);
});
