/** A bad line: it drops every five seconds, in the middle of lists and of forms. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  dropEveryFiveSeconds,
  expectNoComplaints,
  go,
  launch,
  newcomer,
  open,
  PASSWORD,
  quit,
  screenshot,
  settled,
} from '../harness.mjs';

before(launch);
after(quit);

/** Requests that a dropped line breaks are logged by Chromium itself. */
const BROKEN = ['net::ERR_'];

test('a newcomer registers and reads lists while the line drops every 5 s', { timeout: 360_000 }, async () => {
  const page = await open('#/', { width: 360 });
  await settled(page);
  const stop = dropEveryFiveSeconds(page.context());
  const person = newcomer('Bad Line');
  for (let pages = 2; pages <= 5; pages += 1) {
    const before = await page.locator('.feed > li').count();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction((known) => document.querySelectorAll('.feed > li').length > known, before);
  }
  await go(page, '#/register');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  await stop();
  const session = await api('POST', '/sessions', { body: { email: person.email, password: PASSWORD } });
  assert.ok(session.access_token);
  expectNoComplaints(page, { except: [...BROKEN, '/freelancers/me'] });
  await page.context().close();
});

test('a lost line is said, the pending action goes on, and the banner leaves', async () => {
  const page = await open('#/register', { width: 360 });
  const person = newcomer('Waits');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.context().setOffline(true);
  await page.click('.form button[type=submit]');
  await page.locator('.banner-lost').waitFor();
  await page.locator('button[type=submit][aria-disabled=true]').waitFor();
  await screenshot(page, 'line-lost-en-light-360');
  await page.waitForTimeout(3_000);
  await page.context().setOffline(false);
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  await page.locator('.banner').waitFor({ state: 'detached' });
  expectNoComplaints(page, { except: [...BROKEN, '/freelancers/me'] });
  await page.context().close();
});

test('a reply that is lost on its way opens one account, not two', async () => {
  const page = await open('#/register');
  const person = newcomer('Once');
  const keys = [];
  await page.route('**/accounts', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    // The market handles the first request, and its reply never arrives.
    if (keys.length === 1) {
      await route.fetch();
      await route.abort('connectionreset');
    } else {
      await route.continue();
    }
  });
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
  await page.context().close();
});

test('a busy market is asked again; a broken one is said, with a way on', async () => {
  const page = await open('#/register');
  let answers = 0;
  await page.route('**/projects?limit=12', async (route) => {
    answers += 1;
    if (answers <= 4) {
      await route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 503, code: 'busy', title: 'The market is busy', detail: 'The market is busy.' }),
      });
    } else {
      await route.continue();
    }
  });
  await go(page, '#/');
  await page.locator('.notice-failed', { hasText: 'The market is busy' }).waitFor();
  assert.equal(answers, 4);
  await page.click('.notice-failed button');
  await page.locator('.feed > li').first().waitFor();
  await page.context().close();
});

test('a view whose files are lost on their way comes when the line is back', async () => {
  const page = await open('#/');
  await settled(page);
  await page.context().setOffline(true);
  await go(page, '#/register');
  await page.locator('.banner-lost').waitFor();
  await page.context().setOffline(false);
  await page.locator('h1', { hasText: 'Create an account' }).waitFor();
  await page.context().close();
});
