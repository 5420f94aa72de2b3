/** A project's matches: cards whose bars add up, and controls that rank again at once. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  endSessions,
  DEMO,
  expectAccessible,
  expectNoComplaints,
  go,
  launch,
  open,
  quit,
  register,
  screenshot,
  settled,
  signIn,
} from '../harness.mjs';

before(launch);
after(quit);

/** The sample client's project for which the demo market has its matches. */
const { access_token: demoToken } = await api('POST', '/sessions', { body: DEMO });
const { items: owned } = await api('GET', '/accounts/me/projects?limit=100', { token: demoToken });
const project = owned.find(({ skills, status }) => status === 'open' && skills.includes('Rust'));
const matches = `#/projects/${project.id}/matches`;

/** Opens the matches as the sample client. */
async function openMatches(hash = matches, look = {}) {
  const page = await open('#/', look);
  await signIn(page, DEMO);
  await go(page, hash);
  await page.locator('.candidate').first().waitFor();
  await settled(page);
  return page;
}

const read = (query, language = 'en') =>
  api('GET', `/projects/${project.id}/matches?limit=10${query}`, {
    token: demoToken,
    headers: { 'accept-language': language },
  });
const names = (page) => page.locator('.candidate .card-title a').allTextContents();
const namesOf = ({ items }) => items.map(({ freelancer }) => freelancer.display_name);

/** Waits until the cards stand in the order of a ranking of the API. */
function expectRanking(page, ranking) {
  return page.waitForFunction((wanted) => {
    const shown = [...document.querySelectorAll('.candidate .card-title a')].map((link) => link.textContent);
    return JSON.stringify(shown) === JSON.stringify(wanted);
  }, namesOf(ranking));
}

/** Turns a slider as a keyboard does. */
async function turn(page, id, times) {
  await page.focus(id);
  for (let count = 0; count < times; count += 1) await page.keyboard.press('ArrowRight');
}

test('each card adds up: from the base through every reason to the score', async () => {
  const page = await openMatches();
  const { items } = await read('');
  await page.evaluate(() =>
    document.querySelectorAll('.candidate-why').forEach((why) => {
      why.open = true;
    }),
  );
  const drawn = await page.evaluate(() =>
    [...document.querySelectorAll('.candidate')].map((card) => ({
      score: card.querySelector('.odds-score strong').textContent,
      rows: [...card.querySelectorAll('tbody .waterfall-row')].map((row) => ({
        text: row.querySelector('th').textContent,
        effect: row.querySelector('.waterfall-effect').textContent,
        chance: row.querySelector('.waterfall-track').textContent,
        start: Number(row.querySelector('.waterfall-track').style.getPropertyValue('--start')),
        next: Number(row.querySelector('.waterfall-track').style.getPropertyValue('--next')),
      })),
    })),
  );
  assert.equal(drawn.length, items.length);
  for (const [index, { rows, score }] of drawn.entries()) {
    const [base, ...steps] = rows;
    const end = steps.pop();
    const { reasons, ...judged } = items[index];
    const expected = reasons
      .filter(({ contribution }) => Math.abs(contribution) >= 0.005)
      .sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
    assert.deepEqual(
      steps.map(({ text }) => text),
      expected.map(({ sentence }) => sentence),
      "the API's sentences",
    );
    let place = base.next;
    for (const step of steps) {
      assert.ok(Math.abs(step.start - place) < 0.0002, 'a bar begins where the one before ended');
      place = step.next;
    }
    // Reasons too small for a bar make up the rest.
    assert.ok(Math.abs(end.next - place) < 0.01, 'the last bar ends at the score');
    assert.equal(end.chance, score);
    const product = steps.reduce((odds, { effect }) => odds * Number(effect.slice(1)), Math.exp(judged.base_log_odds));
    assert.ok(Math.abs(Math.log(product) - judged.log_odds) < 0.35, 'the effects multiply the odds, as far as rounded');
  }
  expectNoComplaints(page);
  await page.context().close();
});

test('the bars are a table for screen readers', async () => {
  const page = await openMatches();
  const table = page.getByRole('table').first();
  assert.match(await table.getAttribute('aria-label'), /How the reasons for .+ add up/);
  assert.deepEqual(
    await table
      .getByRole('columnheader')
      .allTextContents()
      .then((all) => all.slice(0, 2)),
    ['Reason', 'Effect'],
  );
  assert.ok((await table.getByRole('rowheader').count()) > 3);
  for (const cell of await table.locator('tbody .waterfall-track').allTextContents()) assert.match(cell, /^[\d.]+%$/);
  await page.context().close();
});

test('sentences follow the language of the page', async () => {
  const page = await openMatches();
  await page.click('button[lang=ko]');
  const { items } = await read('', 'ko');
  const [strongest] = [...items[0].reasons].sort((one, other) => other.contribution - one.contribution);
  await page.locator('.candidate').first().locator('tbody th', { hasText: strongest.sentence }).waitFor();
  assert.deepEqual(await names(page), namesOf({ items }));
  await page.context().close();
});

test('a control ranks again at once, keeps the focus, and says so', async () => {
  const page = await openMatches();
  const asked = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.endsWith('/matches')) asked.push(new URL(request.url()).search);
  });
  await turn(page, '#newcomers', 10);
  const expected = await read('&newcomers=0.5');
  await expectRanking(page, expected);
  assert.ok(asked.length <= 3, `ten steps of the slider made ${asked.length} requests`);
  assert.ok(asked.at(-1).includes('newcomers=0.5'));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'newcomers');
  assert.equal(await page.getAttribute('#newcomers', 'aria-valuetext'), '50%');
  await page.locator('[role=status]', { hasText: `First: ${namesOf(expected)[0]}.` }).waitFor({ state: 'attached' });
  assert.equal(await page.evaluate(() => location.hash), `${matches}?newcomers=0.5`);

  await page.reload();
  // A reload keeps the ranking.
  await expectRanking(page, expected);
  await page.click('.candidate-controls .button');
  await expectRanking(page, await read(''));
  assert.equal(await page.evaluate(() => location.hash), matches);
  expectNoComplaints(page);
  await page.context().close();
});

test('a new choice aborts the request of the one before, however late its reply', async () => {
  const page = await openMatches();
  let aborted = 0;
  page.on('requestfailed', (request) => {
    if (request.url().includes('newcomers=0.2')) aborted += 1;
  });
  await page.route('**/matches?*newcomers=0.2&*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue().catch(() => {});
  });
  const first = page.waitForRequest((request) => request.url().includes('newcomers=0.2&'));
  await turn(page, '#newcomers', 4);
  await first;
  assert.ok((await names(page)).length > 0, 'the ranking before stays in sight meanwhile');
  await turn(page, '#newcomers', 16);
  const expected = await read('&newcomers=1');
  await expectRanking(page, expected);
  await page.waitForTimeout(3_500);
  assert.deepEqual(await names(page), namesOf(expected));
  assert.equal(aborted, 1);
  await page.context().close();
});

test('the skill filter widens and narrows, and an empty ranking offers to widen', async () => {
  const page = await openMatches();
  await page.focus('#overlap');
  await page.keyboard.press('End');
  await page.waitForFunction(() => location.hash.includes('min_skill_overlap=1'));
  const all = await read('&min_skill_overlap=1');
  if (all.pool_size === 0) {
    await page.locator('.notice-title', { hasText: 'No freelancer fits yet' }).waitFor();
    await page.click('.notice .button');
  } else {
    await page.focus('#overlap');
    await page.keyboard.press('Home');
  }
  await page.waitForFunction(() => location.hash.includes('min_skill_overlap=0'));
  const { pool_size } = await read('&min_skill_overlap=0');
  await page.locator('.candidate-count h2', { hasText: String(pool_size) }).waitFor();
  assert.ok(pool_size > 10);

  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => document.querySelectorAll('.candidate').length >= 20);
  const places = await page.locator('.candidate-rank').allTextContents();
  assert.deepEqual(
    places.map((text) => Number(text.replace(/\D/g, ''))),
    places.map((_, index) => index + 1),
  );
  const ids = await page.evaluate(() =>
    [...document.querySelectorAll('[data-match]')].map(({ dataset }) => dataset.match),
  );
  assert.equal(new Set(ids).size, ids.length, 'nobody is listed twice');

  await page.locator('.candidate').nth(15).locator('.card-title a').scrollIntoViewIfNeeded();
  await page.locator('.candidate').nth(15).locator('.card-title a').click();
  await page.waitForFunction(() => location.hash.startsWith('#/freelancers/'));
  await page.goBack();
  // Back returns to the whole list.
  await page.waitForFunction((known) => document.querySelectorAll('.candidate').length >= known, ids.length);
  expectNoComplaints(page);
  await page.context().close();
});

test("somebody else's matches are refused, with a sentence", async () => {
  const page = await open('#/');
  await signIn(page, await register());
  await go(page, matches);
  await page.locator('.notice-failed', { hasText: 'belongs to somebody else' }).waitFor();
  await expectAccessible(page, 'refused matches');
  await page.context().close();
});

test('an ended session asks for the password, and the ranking goes on', async () => {
  const person = await register();
  const body = { title: 'Rust', category: 'Software', skills: ['Rust'] };
  const own = await api('POST', '/projects', { body, token: person.token });
  const page = await open('#/');
  await signIn(page, person);
  await endSessions(page, person);
  await go(page, `#/projects/${own.id}/matches`);
  await page.locator('dialog[open]').waitFor();
  await page.fill('dialog #renew-email', person.email);
  await page.fill('dialog #renew-password', person.password);
  await page.click('dialog button[type=submit]');
  await page.locator('.candidate').first().waitFor();
  await page.context().close();
});

test('the picture of README', async () => {
  const page = await openMatches(matches, { language: 'en', scheme: 'light', width: 1280 });
  await page.setViewportSize({ width: 1280, height: 1340 });
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('.waterfall-end').first().waitFor();
  await screenshot(page, 'matches');
  expectNoComplaints(page);
  await page.context().close();
});
