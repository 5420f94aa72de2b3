/**
 * The scorer in the browser against the server: equal scores for the same records on the demo market, and how long a
 * project of 200 freelancers takes.
 *
 * PAIRWORK_URL names a market with the demo's freelancers.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { recordOf, Scorer } from '../../../web/core/scorer.js';

const market = process.env.PAIRWORK_URL?.replace(/\/$/, '');
if (!market) throw new Error('set PAIRWORK_URL to the address of a market, for example http://127.0.0.1:8080');
const FREELANCERS = 200;
const PROJECTS = 20;
const WITHIN = 1e-5;

const module = await WebAssembly.compile(await readFile(new URL('../../../web/wasm/matching.wasm', import.meta.url)));
const scorer = new Scorer(module);

/** @param {string} path @param {number} count */
async function listed(path, count) {
  const items = [];
  let cursor = '';
  while (items.length < count && cursor !== null) {
    const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
    const page = await (await fetch(`${market}${path}?${query}`)).json();
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items.slice(0, count);
}

/** What the server is asked about a project: the fields that count. */
function projectRecord({ title, description, skills, languages, budget }) {
  return { title, description, skills, languages, budget };
}

/** Some freelancers have a record, which the demo's newcomers lack. */
function withHistory(record, index) {
  if (index % 3 !== 0) return record;
  return {
    ...record,
    rating: index % 2 === 0 ? 3 + (index % 20) / 10 : null,
    completed_jobs: index % 40,
    hire_rate: index % 4 === 0 ? (index % 100) / 100 : null,
    response_minutes: index % 5 === 0 ? 3 * index + 0.5 : null,
    last_active_at: new Date(Date.now() - index * 3_700_000).toISOString(),
  };
}

test('the scores are those of POST /matches/score, and a project of 200 freelancers is quick',
  async (context) => {
    const freelancers = (await listed('/freelancers', FREELANCERS)).map(recordOf).map(withHistory);
    const projects = await listed('/projects', PROJECTS);
    assert.equal(freelancers.length, FREELANCERS);
    assert.equal(projects.length, PROJECTS);

    let [furthest, compared, eligible] = [0, 0, 0];
    for (const project of projects) {
      const before = Date.now();
      const reply = await fetch(`${market}/matches/score`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ project: projectRecord(project), freelancers }),
      });
      assert.equal(reply.status, 200, await reply.clone().text());
      const { items } = await reply.json();
      // The server scores at a second of its own between these two.
      const seconds = [];
      for (let at = Math.floor(before / 1000); at <= Math.floor(Date.now() / 1000); at += 1) seconds.push(at);
      const distances = seconds.map((at) => {
        const { scores, best } = scorer.score(project, freelancers, { explained: FREELANCERS, now: at * 1000 });
        return distance(items, scores, best);
      });
      furthest = Math.max(furthest, Math.min(...distances));
      compared += items.length;
      eligible += items.filter((item) => item.eligible).length;
    }
    assert.ok(eligible > 0 && eligible < compared, `${eligible} of ${compared} are eligible`);
    assert.ok(furthest <= WITHIN, `the furthest number is ${furthest} away`);

    const durations = [];
    for (let round = 0; round < 10; round += 1) {
      for (const project of projects) {
        const start = performance.now();
        scorer.score(project, freelancers, { explained: 5 });
        durations.push(performance.now() - start);
      }
    }
    durations.sort((one, other) => one - other);
    const p = (share) => durations[Math.floor(share * (durations.length - 1))].toFixed(1);
    context.diagnostic(`${compared} pairs, the furthest number ${furthest.toExponential(1)} away`);
    context.diagnostic(`${FREELANCERS} freelancers, five explained: p50 ${p(0.5)} ms, p95 ${p(0.95)} ms`);
  });

/** The greatest distance of any number, contributions among them, and a check that eligibility agrees. */
function distance(items, scores, best) {
  let furthest = 0;
  const far = (one, other) => {
    furthest = Math.max(furthest, Math.abs(one - other));
  };
  items.forEach((item, index) => {
    const mine = scores[index];
    assert.equal(mine.eligible, item.eligible, `freelancer ${index}`);
    far(mine.score, item.score);
    far(mine.freelancer_interest, item.freelancer_interest);
    far(mine.client_choice, item.client_choice);
  });
  assert.equal(best.length, items.filter((item) => item.eligible).length);
  for (const explained of best) {
    const item = items[explained.index];
    for (const [place, reason] of explained.reasons.entries()) {
      assert.equal(reason.feature, item.reasons[place].feature);
      assert.equal(reason.value === null, item.reasons[place].value === null, reason.feature);
      far(reason.value ?? 0, item.reasons[place].value ?? 0);
      far(reason.contribution, item.reasons[place].contribution);
    }
  }
  const order = best.map(({ score }) => score);
  assert.deepEqual(order, [...order].sort((one, other) => other - one), 'the best first');
  return furthest;
}

test('the module asks nothing of the page, and gives four names', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  for (const name of ['memory', 'allocate', 'release', 'score']) assert.ok(names.includes(name), `${names}`);
});

test('nobody to score, and nothing typed, do no harm', () => {
  assert.deepEqual(scorer.score({ skills: ['Rust'] }, []), { scores: [], best: [] });
  const { scores, best } = scorer.score({}, [{ skills: ['Rust'] }], { explained: 3 });
  assert.equal(scores.length, 1);
  assert.equal(best.length, 1);
  assert.ok(scores[0].score > 0 && scores[0].score < 1);
});

test('contributions add up, and hostile texts are texts', () => {
  const hostile = ['\u0000', '\uD800', '🏳️‍🌈'.repeat(500), 'ﷺ'.repeat(300), 'a\u0301'.repeat(999), '\u202E', '%s%n'];
  const freelancers = hostile.map((text) => ({ headline: text, bio: text, skills: [text], languages: [text] }));
  const project = { title: hostile.join(), description: hostile.join(), skills: hostile };
  const { scores, best } = scorer.score(project, freelancers, { explained: 9 });
  assert.ok(scores.every(({ score }) => score > 0 && score < 1));
  for (const { log_odds, base_log_odds, reasons } of best) {
    const sum = reasons.reduce((total, { contribution }) => total + contribution, 0);
    assert.ok(Math.abs(log_odds - base_log_odds - sum) < 1e-4);
  }
});
