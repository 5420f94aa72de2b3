/** Ranks with one more skill, over several projects. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectOf, ranked, stepOf } from '../../../web/views/my-matches/ranks.js';
import { skillKey } from '../../../web/views/my-matches/skill-key.js';

const step = (id, before, after) => ({ project: { id, title: id }, before, after });

test('the ranks of several projects are told by the middle ones', () => {
  const { before, after, steps } = effectOf('Rust', [step('a', 14, 3), step('b', 2, 2), step('c', 40, 10)]);
  assert.deepEqual([before, after], [14, 3]);
  assert.deepEqual(steps.map(({ project }) => project.id), ['a', 'c', 'b'], 'the greatest gain first');
});

test('of two ranks the worse one is told, and not to be listed is worse than any rank', () => {
  assert.deepEqual([effectOf('Rust', [step('a', 4, 1), step('b', 9, 5)])].map(({ before, after }) => [before, after]),
    [[9, 5]]);
  const { before, after } = effectOf('Rust', [step('a', null, 1), step('b', 9, null)]);
  assert.deepEqual([before, after], [null, null]);
});

test('skills that help nowhere are left out, and the others go over the projects for which they help', () => {
  const effects = [
    effectOf('Same', [step('a', 5, 5)]),
    effectOf('Some', [step('a', 8, 8), step('b', 8, 7)]),
    effectOf('Much', [step('a', null, 3)]),
  ];
  assert.deepEqual(ranked(effects).map(({ skill, steps, before, after }) => [skill, steps.length, before, after]),
    [['Much', 1, null, 3], ['Some', 1, 8, 7]]);
});

test('a freelancer with too few skills has no rank today; another obstacle leaves the rank', () => {
  const advice = (obstacle) => ({ rank: 7, obstacle });
  const skill = { skill: 'Rust', rank: 2, shown: true };
  const project = { id: 'a', title: 'A' };
  assert.deepEqual(stepOf(project, advice('too_few_skills'), skill), {
    project, before: null, after: 2,
  });
  assert.deepEqual(stepOf(project, advice('above_budget'), skill), { project, before: 7, after: 2 });
  assert.deepEqual(stepOf(project, advice(null), { ...skill, shown: false }), { project, before: 7, after: null });
});

test('spellings of one skill have one key', () => {
  for (const [one, other] of [['Web  Design', 'web-design'], ['ＲＵＳＴ', 'rust'], ['node_js', 'Node js']]) {
    assert.equal(skillKey(one), skillKey(other));
  }
  assert.notEqual(skillKey('C++'), skillKey('C#'));
});
