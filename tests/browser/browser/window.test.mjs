/** The window into the machine: what a request did, the tables, the model, and the description as a page. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import {
  api, baseUrl, DEMO, expectAccessible, expectNoComplaints, launch, open, quit, register, screenshot,
} from '../harness.mjs';

before(launch);
after(quit);

const { access_token: token } = await api('POST', '/sessions', { body: DEMO });
const project = (await api('GET', '/accounts/me/projects?limit=1', { token })).items[0];

/** Opens a view of the window. */
function window(view, options) {
  return open(`_local#/${view}`, options);
}

/** The row of the newest request whose title has a text. */
function row(page, text) {
  return page.locator('.request-row', { hasText: text }).first();
}

test('a request appears by itself and opens as a waterfall', async () => {
  const page = await window('requests');
  await page.locator('.request-list').waitFor();
  await api('GET', `/projects/${project.id}/matches?limit=3`, { token });
  const matches = row(page, `GET /projects/${project.id}/matches?limit=3`);
  await matches.click();
  await page.locator('.request-detail .span-invocation').first().waitFor();
  const detail = page.locator('.request-detail');
  const shown = await detail.innerText();
  assert.match(shown, /MatchesFunction\s+(?:warm|cold)/);
  assert.match(shown, /GetItem\s+Market\s+1 read/);
  assert.match(shown, /PROJECT#prj_\w+\s+PROJECT project, version/);
  assert.match(shown, /freelancers#FEED.* packed changes/);
  assert.match(shown, /billed \d+ ms · \d+ of \d+ MB/);
  await detail.locator('summary', { hasText: 'The request' }).click();
  const sent = await detail.locator('details.message').first().innerText();
  assert.match(sent, /authorization: \[redacted\]/);
  assert.ok(!(await page.content()).includes(token), 'no token is on the page');
  await screenshot(page, 'window-request');
  await expectAccessible(page, 'a request');
  expectNoComplaints(page);
});

test('a write is followed by its batch, and no password is shown', async () => {
  const page = await window('requests');
  const person = await register();
  await row(page, 'POST /sessions').click();
  await page.locator('.request-detail').waitFor();
  await page.locator('summary', { hasText: 'The request' }).click();
  await page.locator('summary', { hasText: 'The answer' }).click();
  const shown = await page.locator('.request-detail').innerText();
  assert.match(shown, /"password": "\[redacted\]"/);
  assert.match(shown, /"access_token": "\[redacted\]"/);
  assert.ok(!shown.includes(person.password) && !shown.includes(person.token));

  await api('PUT', '/freelancers/me', {
    token: person.token,
    body: {
      headline: 'Builds shops', bio: 'Shops in Rust.', category: 'Software', skills: ['Rust'], languages: ['ko'],
      hourly_rate: { amount: 5_000_000, currency: 'KRW' },
    },
  });
  await row(page, 'PUT /freelancers/me').click();
  await page.locator('.following', { hasText: 'done' }).first().waitFor();
  assert.match(await page.locator('.following').first().innerText(), /StreamFunction[\s\S]+followed[\s\S]+done/);
  await screenshot(page, 'window-batch');
  expectNoComplaints(page);
});

test('a request is copied as an event and as a command, and sent again', async () => {
  const page = await window('requests', { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await api('GET', '/freelancers?limit=17');
  await row(page, 'GET /freelancers?limit=17').click();
  await page.getByRole('button', { name: 'Copy as sample event' }).click();
  await page.locator('.said', { hasText: 'The sample event is on the clipboard.' }).waitFor();
  const event = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(event.version, '2.0');
  assert.equal(event.routeKey, 'GET /freelancers');
  assert.deepEqual(event.queryStringParameters, { limit: '17' });
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.locator('.said', { hasText: 'The command is on the clipboard.' }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(command.startsWith(`curl -i -X GET '${baseUrl}/freelancers?limit=17'`), command);

  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByLabel('Path (GET)').fill('/freelancers?limit=13');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.said', { hasText: 'answered with 200' }).waitFor();
  await row(page, 'GET /freelancers?limit=13').waitFor();
  expectNoComplaints(page);
});

test('tables explain their keys and hide secrets', async () => {
  const page = await window('tables/MarketTable');
  await page.getByLabel('Partition key').fill(`PROJECT#${project.id}`);
  await page.getByRole('button', { name: 'Find' }).click();
  const item = page.locator('.item', { hasText: 'project, version' });
  await item.locator('summary').click();
  assert.ok((await item.innerText()).includes(project.title));
  await screenshot(page, 'window-tables');
  await expectAccessible(page, 'tables');
  await page.getByRole('link', { name: 'CredentialsTable' }).click();
  await page.getByLabel('Partition key').fill(`EMAIL#${DEMO.email}`);
  await page.getByRole('button', { name: 'Find' }).click();
  const login = page.locator('.item', { hasText: 'account id, password hash' }).first();
  await login.locator('summary').click();
  assert.match(await login.innerText(), /\[hidden\]/);
  assert.ok(!(await page.content()).includes('argon2'), 'no hash is on the page');
  expectNoComplaints(page);
});

test('streams and roles say what is done and what is used', async () => {
  const page = await window('streams');
  await page.locator('tbody tr').first().waitFor();
  assert.match(await page.locator('tbody').innerText(), /StreamFunction/);
  await screenshot(page, 'window-streams');
  await expectAccessible(page, 'streams');
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.locator('.grant').first().waitFor();
  const roles = await page.locator('.functions').innerText();
  assert.match(roles, /AccountsFunction/);
  assert.match(roles, /dynamodb:GetItem/);
  await screenshot(page, 'window-roles');
  await expectAccessible(page, 'roles');
  expectNoComplaints(page);
});

test('letters are listed and found by their address', async () => {
  const page = await window('mail');
  await page.locator('[role=status]', { hasText: /\d+ letters?/ }).waitFor();
  await page.getByLabel('To').fill('nobody@nowhere.example');
  await page.locator('[role=status]', { hasText: '0 letters' }).waitFor();
  await screenshot(page, 'window-mail');
  await expectAccessible(page, 'mail');
  expectNoComplaints(page);
});

test('the sandbox moves with its sliders', async () => {
  for (const scheme of ['light', 'dark']) {
    const page = await window('model', { scheme });
    await page.locator('.side').first().waitFor();
    const figures = () => page.locator('.sides').innerText();
    const before = await figures();
    const slider = page.getByRole('slider', { name: 'skill_overlap' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.waitForFunction((old) => document.querySelector('.sides').innerText !== old, before);
    await page.getByLabel('rating is known').click();
    await page.locator('.slider', { hasText: 'rating' }).getByText('not known').waitFor();
    assert.equal(await page.locator('.contributions li').count(), 10);
    const widths = await page.locator('.pictures img').evaluateAll((all) => all.map((it) => it.naturalWidth));
    assert.ok(widths.length === 2 && widths.every((width) => width > 0), String(widths));
    await screenshot(page, `window-model-${scheme}`);
    await expectAccessible(page, `the model, ${scheme}`);
    expectNoComplaints(page);
  }
});

test('the window fits a small screen', async () => {
  const page = await window('requests', { width: 360 });
  await page.locator('.request-row').first().click();
  await page.locator('.request-detail .span').first().waitFor();
  const widths = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(widths.scrollWidth <= widths.clientWidth, JSON.stringify(widths));
  await screenshot(page, 'window-small');
});

test('calls can be tried from the description', async () => {
  const page = await open('docs');
  await page.locator('#operations-health-get_health, [id$="get_health"]').first().click();
  await page.getByRole('button', { name: 'Execute' }).click();
  await page.locator('.live-responses-table .response-col_status', { hasText: '200' }).first().waitFor();
  await screenshot(page, 'window-docs');
  expectNoComplaints(page);
});

test('another origin learns nothing', async () => {
  for (const headers of [
    { host: 'rebound.example' }, { origin: 'https://elsewhere.example' }, { 'sec-fetch-site': 'cross-site' },
  ]) {
    // `fetch` would not send these headers.
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${baseUrl}/_local/api/traces`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    assert.equal(status, 403, JSON.stringify(headers));
  }
});
