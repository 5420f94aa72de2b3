/** The merge of two changes to one record. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Merge } from '../../../web/core/merge.js';

const base = { title: 'A', skills: ['Rust'], budget: { min: 1, max: 2 }, description: null };

test('a field that one side changed keeps that change', () => {
  const merge = new Merge(base, { ...base, title: 'Mine' }, { ...base, skills: ['Rust', 'Go'] });
  assert.deepEqual(merge.conflicts, []);
  assert.deepEqual(merge.taken, ['skills']);
  assert.deepEqual(merge.values, { ...base, title: 'Mine', skills: ['Rust', 'Go'] });
});

test('a field that both changed is a conflict, and the choice counts', () => {
  const merge = new Merge(base, { ...base, title: 'Mine' }, { ...base, title: 'Theirs' });
  assert.deepEqual(merge.conflicts, [{ name: 'title', mine: 'Mine', theirs: 'Theirs', chosen: 'mine' }]);
  assert.equal(merge.values.title, 'Mine');
  merge.choose('title', 'theirs');
  assert.equal(merge.values.title, 'Theirs');
});

test('the same change on both sides is no conflict: the write that answered 412 may have been our own', () => {
  const mine = { ...base, title: 'Same' };
  const merge = new Merge(base, mine, { ...mine });
  assert.deepEqual([merge.conflicts, merge.taken, merge.values], [[], [], mine]);
});

test('absent, null and empty are the same, and the order of an object does not count', () => {
  const merge = new Merge(base, { ...base, description: '' }, { ...base, budget: { max: 2, min: 1 } });
  assert.deepEqual([merge.conflicts, merge.taken], [[], []]);
});
