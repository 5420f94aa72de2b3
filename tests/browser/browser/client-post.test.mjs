/** A client posts a project, changes it, and closes it, through the page alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  endSessions,
  expectAccessible,
  expectNoComplaints,
  go,
  launch,
  newcomer,
  open,
  quit,
  register,
  screenshot,
  settled,
  signIn,
} from '../harness.mjs';

before(launch);
after(quit);

const field = (name) => `.form-page [name="${name}"]`;
const submit = (page) => page.click('.form-page button[type=submit]');

/** Values of every field, as a person types them, and as the API has them. */
const TYPED = {
  title: '결제 서버를 Rust로 · Payments in Rust',
  category: 'Software',
  description: 'A payment API on AWS Lambda and DynamoDB.\n두 번 결제되면 안 됩니다.',
  skills: 'Rust, DynamoDB, 결제 연동',
  'budget/min': '4만',
  'budget/max': '120,000',
  weekly_hours: '20',
  starts_on: '2031-01-07',
  expires_at: '2030-12-24T18:00',
  languages: 'Korean, en',
  timezone: 'Asia/Seoul',
};
const STORED = {
  title: TYPED.title,
  category: 'Software',
  description: TYPED.description,
  skills: ['Rust', 'DynamoDB', '결제 연동'],
  budget: { kind: 'hourly', min: 40_000, max: 120_000, currency: 'KRW' },
  weekly_hours: 20,
  starts_on: '2031-01-07',
  expires_at: '2030-12-24T09:00:00Z',
  languages: ['ko', 'en'],
  timezone: 'Asia/Seoul',
};
const SEOUL = { timezoneId: 'Asia/Seoul' };

/** Fills every field of the form. */
async function fill(page, values = TYPED) {
  await page.selectOption(field('budget/kind'), 'hourly');
  await page.selectOption(field('budget/currency'), 'KRW');
  for (const [name, value] of Object.entries(values)) await page.fill(field(name), value);
  // Leaving the field adds its last word.
  await page.locator(field('skills')).blur();
  await page.locator(field('languages')).blur();
}

/** What the form holds: the fields and the lists of words. */
const held = (page) =>
  page.evaluate(() => ({
    fields: [...document.querySelectorAll('.form-page :is(input, select, textarea)[name]')].map(({ name, value }) => [
      name,
      value,
    ]),
    words: [...document.querySelectorAll('.chip-tag')].map((chip) => chip.textContent),
  }));

/** The fields of a project that its client says. */
const said = (project) => Object.fromEntries(Object.keys(STORED).map((name) => [name, project[name]]));

const mine = async (token) => (await api('GET', '/accounts/me/projects', { token })).items;
const tokenOf = async ({ email, password }) =>
  (await api('POST', '/sessions', { body: { email, password } })).access_token;

/** A project of a new account, and a page that is signed in as its owner. */
async function ownProject(hash, { body = {}, ...look } = {}) {
  const person = await register();
  const input = { title: 'Payments', category: 'Software', skills: ['Rust'], ...body };
  const project = await api('POST', '/projects', { body: input, token: person.token });
  const page = await open('#/', look);
  await signIn(page, person);
  await go(page, hash(project.id));
  return { page, project, person };
}

test('from newcomer to a posted project and its matches, through the page alone', async () => {
  const page = await open('#/', { width: 360, context: SEOUL });
  const person = newcomer('김민아');
  await page.click('.welcome a[href="#/register"]');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.click('.link-row[href="#/post"]');
  await page.locator(field('title')).waitFor();
  await fill(page);

  await page.locator('pw-live-preview .preview-list > li').first().waitFor();

  const before = await held(page);
  await page.reload();
  await page.locator('.draft-note').waitFor();
  assert.deepEqual(await held(page), before, 'a reload in the middle of the form loses nothing');
  await expectAccessible(page, 'a project that is being posted');

  await submit(page);
  await page.locator('.candidate').first().waitFor();
  const [project] = await mine(await tokenOf(person));
  assert.deepEqual(said(project), STORED);
  assert.equal(await page.evaluate(() => location.hash), `#/projects/${project.id}/matches`);
  assert.ok((await page.locator('h1').textContent()).includes(TYPED.title));

  await go(page, '#/post');
  await page.locator(field('title')).waitFor();
  assert.equal(await page.inputValue(field('title')), '', 'a posted project leaves no draft');
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

const WRONG = {
  ...TYPED,
  title: ' ',
  skills: '',
  'budget/max': 'many',
  weekly_hours: '169',
  starts_on: '2020-01-01',
  expires_at: '2020-01-01T00:00',
  languages: 'Klingonese',
  timezone: 'Mars/Olympus',
};
const SENTENCES = {
  en: { title: 'Please fill this in.', weekly_hours: 'out of range', timezone: 'no such time zone' },
  ko: { title: '입력해 주세요.', weekly_hours: '범위', timezone: '없는 시간대' },
};
for (const language of ['en', 'ko']) {
  test(`every wrong field of a project is marked at its field in ${language}`, async () => {
    const page = await open('#/', { language, width: 360 });
    await signIn(page, await register());
    await go(page, '#/post');
    await fill(page, WRONG);
    await submit(page);
    await page.locator('.field-error').first().waitFor();
    const wrong = await page.evaluate(() =>
      [...document.querySelectorAll('[aria-invalid=true]')].map(({ name }) => name),
    );
    assert.deepEqual(wrong, [
      'title',
      'skills',
      'budget/max',
      'weekly_hours',
      'starts_on',
      'expires_at',
      'languages',
      'timezone',
    ]);
    for (const [name, sentence] of Object.entries(SENTENCES[language])) {
      await page.locator(`[id="field-${name}-error"]`, { hasText: sentence }).waitFor();
    }
    assert.equal(await page.evaluate(() => document.activeElement?.name), 'title');
    await expectAccessible(page, 'a refused project');
    await screenshot(page, `post-wrong-${language}-light-360`);
    await page.fill(field('title'), 'Better');
    assert.equal(await page.locator('[id="field-title-error"]').count(), 0, 'a field that changes is no longer wrong');
    expectNoComplaints(page, { except: ['/projects'] });
    await page.context().close();
  });
}

test('a reply that is lost on its way makes one project, not two', async () => {
  const page = await open('#/', { context: SEOUL });
  const person = await register();
  await signIn(page, person);
  await go(page, '#/post');
  await fill(page);
  const keys = [];
  await page.route('**/projects', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    keys.push(route.request().headers()['idempotency-key']);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await submit(page);
  await page.locator('.candidate').first().waitFor();
  assert.deepEqual([keys.length, keys[0] === keys[1]], [2, true]);
  assert.equal((await mine(person.token)).length, 1);
  await page.context().close();
});

test('a reload while the reply is on its way makes one project, not two', async () => {
  const page = await open('#/', { context: SEOUL });
  const person = await register();
  await signIn(page, person);
  await go(page, '#/post');
  await fill(page);
  const sent = new Promise((resolve) => {
    page.route('**/projects', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return resolve();
    });
  });
  await submit(page);
  await sent;
  // The reload gives up the request. Letting it go on before would deliver the reply.
  await page.reload();
  await page.unrouteAll();
  await page.locator('.draft-note').waitFor();
  await submit(page);
  await page.locator('.candidate').first().waitFor();
  assert.equal((await mine(person.token)).length, 1);
  await page.context().close();
});

test('an ended session asks for the password, and the project is posted', async () => {
  const page = await open('#/', { context: SEOUL });
  const person = await register();
  await signIn(page, person);
  await go(page, '#/post');
  await fill(page);
  await endSessions(page, person);
  await page.locator('.draft-note').waitFor();
  await submit(page);
  await page.locator('dialog[open]').waitFor();
  await page.fill('dialog #renew-email', person.email);
  await page.fill('dialog #renew-password', person.password);
  await page.click('dialog button[type=submit]');
  await page.locator('.candidate').first().waitFor();
  assert.deepEqual(said((await mine(await tokenOf(person)))[0]), STORED);
  await page.context().close();
});

test('a change saves what was changed, and nothing else', async () => {
  const { page, project, person } = await ownProject((id) => `#/projects/${id}`, {
    body: { ...STORED },
    context: SEOUL,
  });
  await page.click(`.panel-own a[href="#/projects/${project.id}/edit"]`);
  await page.fill(field('title'), 'Payments, renamed');
  const request = page.waitForRequest((one) => one.method() === 'PATCH');
  await submit(page);
  assert.deepEqual((await request).postDataJSON(), { title: 'Payments, renamed' });
  assert.equal((await request).headers()['if-match'], '"1"');
  await page.locator('h1', { hasText: 'Payments, renamed' }).waitFor();
  assert.deepEqual(said((await mine(person.token))[0]), { ...STORED, title: 'Payments, renamed' });
  expectNoComplaints(page);
  await page.context().close();
});

for (const [language, width] of [
  ['en', 1280],
  ['ko', 360],
]) {
  test(`a change that met another shows both and offers the merge: ${language}`, async () => {
    const { page, project, person } = await ownProject((id) => `#/projects/${id}/edit`, { language, width });
    await page.fill(field('title'), 'Mine');
    await page.fill(field('weekly_hours'), '12');
    await page.reload();
    await page.locator('.draft-note').waitFor();
    const budget = { kind: 'hourly', min: null, max: 90_000, currency: 'KRW' };
    const theirs = { title: 'Theirs', description: 'New text', budget };
    await api('PATCH', `/projects/${project.id}`, { body: theirs, token: person.token });
    await submit(page);
    await page.locator('.merge').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'merge-title');
    assert.deepEqual(await page.locator('.merge-side .merge-value').allTextContents(), ['Mine', 'Theirs']);
    const taken = await page.locator('.merge-list .merge-value').allTextContents();
    assert.equal(taken[0], 'New text');
    assert.match(taken[1], /₩90,000/);
    await screenshot(page, `merge-${language}-light-${width}`);
    await expectAccessible(page, 'a merge');

    await page.locator('.merge-side', { hasText: 'Theirs' }).click();
    await page.click('.merge .button-strong');
    await page.locator('h1', { hasText: 'Theirs' }).waitFor();
    const { title, description, weekly_hours, budget: kept } = (await mine(person.token))[0];
    assert.deepEqual(
      { title, description, weekly_hours, budget: kept },
      { title: 'Theirs', description: 'New text', weekly_hours: 12, budget },
    );
    expectNoComplaints(page, { except: [`/projects/${project.id}`] });
    await page.context().close();
  });
}

test('a draft that began from an older version is compared as soon as it is opened', async () => {
  const { page, project, person } = await ownProject((id) => `#/projects/${id}/edit`);
  await page.fill(field('title'), 'Mine');
  await api('PATCH', `/projects/${project.id}`, { body: { title: 'Theirs' }, token: person.token });
  await page.reload();
  await page.locator('.merge').waitFor();
  await page.click('.merge .button-quiet');
  assert.equal(await page.inputValue(field('title')), 'Theirs', "one can give up one's own change");
  await page.context().close();
});

test("a change whose reply was lost is not taken for somebody else's", async () => {
  const { page, project, person } = await ownProject((id) => `#/projects/${id}/edit`);
  await page.fill(field('title'), 'Saved once');
  let attempts = 0;
  await page.route(`**/projects/${project.id}`, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    attempts += 1;
    if (attempts > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await submit(page);
  await page.locator('h1', { hasText: 'Saved once' }).waitFor();
  assert.equal(attempts, 2);
  assert.equal((await mine(person.token))[0].title, 'Saved once');
  await page.context().close();
});

test('a project is closed and opened again, and a change in the form stays', async () => {
  const { page, project } = await ownProject((id) => `#/projects/${id}/edit`);
  await page.fill(field('title'), 'Not saved yet');
  await page.click('.button-danger');
  await page.locator('[role=status]', { hasText: 'The project is closed.' }).waitFor();
  assert.equal((await api('GET', `/projects/${project.id}`)).status, 'closed');
  await expectAccessible(page, 'a closed project');
  await go(page, `#/projects/${project.id}/matches`);
  await page.locator('.status-note').waitFor();
  await page.click('.status-note a');
  await page.locator('button', { hasText: 'Open the project again' }).click();
  await page.locator('[role=status]', { hasText: 'open again' }).waitFor();
  assert.equal((await api('GET', `/projects/${project.id}`)).status, 'open');
  assert.equal(await page.inputValue(field('title')), 'Not saved yet');
  await submit(page);
  await page.locator('h1', { hasText: 'Not saved yet' }).waitFor();
  expectNoComplaints(page);
  await page.context().close();
});

test("somebody else's project cannot be edited here", async () => {
  const { project } = await ownProject(() => '#/');
  const page = await open('#/');
  await signIn(page, await register());
  await go(page, `#/projects/${project.id}/edit`);
  await page.locator('.notice-failed', { hasText: 'belongs to somebody else' }).waitFor();
  assert.equal(await page.locator('form').count(), 0);
  await settled(page);
  await page.context().close();
});
