/** The session: nothing secret is kept, reloads and lost lines leave it alone, tabs share it, and its end is heard. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, endSessions, expectNoComplaints, go, keptBy, launch, open, quit, register, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

const COOKIE = '__Secure-refresh_token';

/** The refresh token in the cookie, which only the browser itself can read. */
async function refreshTokenOf(page) {
  const cookies = await page.context().cookies(`${new URL(page.url()).origin}/sessions`);
  return cookies.find(({ name }) => name === COOKIE);
}

/** The access tokens that a page receives from now on. */
function accessTokensOf(page) {
  const found = [];
  page.on('response', async (response) => {
    if (!/\/sessions(\/refresh)?$/.test(response.url()) || response.status() !== 200) return;
    const body = await response.json().catch(() => ({}));
    if (body.access_token) found.push(body.access_token);
  });
  return found;
}

/** Ends the sessions of a person as from another device. The page hears nothing of it. */
async function endOthers({ email, password }) {
  const { access_token: token } = await api('POST', '/sessions', { body: { email, password } });
  const { items } = await api('GET', '/sessions', { token });
  for (const { id, is_current } of items) if (!is_current) await api('DELETE', `/sessions/${id}`, { token });
}

function refreshesOf(page) {
  const found = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/sessions/refresh')) found.push(request.headers()['idempotency-key']);
  });
  return found;
}

async function openAccount(page) {
  await go(page, '#/account');
  await page.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
}

test('scripts find nothing secret in this browser, before and after a reload', async () => {
  const person = await register();
  const page = await open('#/');
  const accessTokens = accessTokensOf(page);
  await signIn(page, person);
  await page.reload();
  await openAccount(page);
  const cookie = await refreshTokenOf(page);
  assert.deepEqual(
    { httpOnly: cookie.httpOnly, secure: cookie.secure, sameSite: cookie.sameSite, path: cookie.path },
    { httpOnly: true, secure: true, sameSite: 'Strict', path: '/sessions' },
  );
  assert.equal(accessTokens.length, 2, 'one of the sign-in and one of the reload');
  const kept = await keptBy(page);
  assert.match(kept, new RegExp(person.id), 'there is a mark of who is signed in');
  for (const secret of [...accessTokens, cookie.value, cookie.value.slice(4), person.password, person.email]) {
    assert.equal(kept.includes(secret), false, `${secret} is kept`);
  }
  assert.equal(await page.evaluate(() => document.cookie), '');
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a token of an earlier version of the page is removed', async () => {
  const page = await open('#/');
  await page.evaluate(() =>
    localStorage.setItem('pairwork.session', JSON.stringify({ token: 'old', account: { id: 'usr_1' } })));
  await page.reload();
  await settled(page);
  assert.equal(await page.evaluate(() => localStorage.getItem('pairwork.session')), null);
  await page.locator('.menu-end a[href="#/sign-in"]').waitFor();
  expectNoComplaints(page);
  await page.context().close();
});

test('a reload stays signed in, and the first view does not wait for the session', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  let answer;
  const held = new Promise((resolve) => { answer = resolve; });
  await page.route('**/sessions/refresh', async (route) => {
    await held;
    await route.continue();
  });
  await page.reload();
  await page.locator('.feed > li').first().waitFor();
  await page.locator('.menu-end', { hasText: person.display_name }).waitFor();
  await go(page, '#/account');
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  answer();
  await page.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
  await page.context().close();
});

test('many calls at once need one refresh', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const refreshes = refreshesOf(page);
  await go(page, '#/account');
  await settled(page);
  await page.reload();
  await page.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
  await page.locator('.notice-title', { hasText: 'You have no profile yet' }).waitFor();
  assert.equal(refreshes.length, 1);
  await page.context().close();
});

/** Waits for so many requests; the page may ask a moment after it shows its frame. */
async function counted(requests, count, why) {
  for (let tries = 0; tries < 100 && requests.length < count; tries += 1) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.equal(requests.length, count, why);
}

test('a token near its end is exchanged ahead, and no call meets a refusal', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const refreshes = refreshesOf(page);
  await page.clock.install();
  await page.reload();
  await openAccount(page);
  assert.equal(refreshes.length, 1);
  await page.clock.fastForward('09:20');
  await go(page, '#/');
  await settled(page);
  await openAccount(page);
  await page.waitForFunction(() => !location.hash.startsWith('#/sign-in'));
  await counted(refreshes, 2, 'the last minute exchanges the token');
  await page.clock.fastForward('30:00');
  await go(page, '#/');
  await settled(page);
  await openAccount(page);
  await counted(refreshes, 3, 'a dead token is exchanged before it is sent');
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a call that meets an expired token refreshes it and goes on', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const refreshes = refreshesOf(page);
  let refusals = 0;
  await page.route('**/accounts/me/projects**', async (route) => {
    refusals += 1;
    if (refusals > 1) return route.continue();
    return route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 401, code: 'unauthorized', title: 'Sign in first' }),
    });
  });
  await openAccount(page);
  assert.equal(refusals, 2);
  assert.equal(refreshes.length, 1);
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.context().close();
});

test('a refresh whose answer is lost is repeated with its key, even after a reload', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const refreshes = refreshesOf(page);
  const cookie = await refreshTokenOf(page);
  let lost = 0;
  await page.route('**/sessions/refresh', async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    // The API has exchanged the token, and its answer reaches nobody.
    const response = await fetch(route.request().url(), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': route.request().headers()['idempotency-key'],
        cookie: `${COOKIE}=${cookie.value}`,
      },
      body: '{}',
    });
    assert.equal(response.status, 200);
    // No answer: the reload comes first.
    return undefined;
  });
  await page.reload();
  await page.waitForFunction(() => localStorage.getItem('pairwork.refresh-key') !== null);
  while (lost === 0) await page.waitForTimeout(50);
  await page.waitForTimeout(300);
  await page.reload();
  await openAccount(page);
  assert.equal(refreshes.length, 2);
  assert.equal(refreshes[0], refreshes[1], 'the same key');
  assert.equal(await page.evaluate(() => localStorage.getItem('pairwork.refresh-key')), null);
  await page.context().close();
});

test('two tabs that open at once do not take the session from each other', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const tabs = await Promise.all(Array.from({ length: 4 }, () => page.context().newPage()));
  await Promise.all(tabs.map((tab) => tab.goto(`${new URL(page.url()).origin}/#/account`)));
  for (const tab of [page, ...tabs]) {
    await go(tab, '#/account');
    await tab.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
    await tab.reload();
    await tab.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
  }
  await page.context().close();
});

test('a start without a line stays signed in, and goes on when the line is back', async () => {
  const person = await register();
  const page = await open('#/', { context: { serviceWorkers: 'allow' } });
  await signIn(page, person);
  await openAccount(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForTimeout(1_500);
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('.menu-end', { hasText: person.display_name }).waitFor();
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  await page.locator('.banner-lost').waitFor();
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.context().setOffline(false);
  await page.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
  await page.context().close();
});

test('a market that is busy does not sign anybody out', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await page.route('**/sessions/refresh', (route) => route.fulfill({ status: 503, body: '{"code":"busy"}' }));
  await page.reload();
  await go(page, '#/account');
  await page.locator('.notice-failed').first().waitFor();
  await page.locator('.menu-end', { hasText: person.display_name }).waitFor();
  await page.unroute('**/sessions/refresh');
  await page.locator('.notice-failed button').first().click();
  await page.locator('.notice-title', { hasText: 'You have no pro' }).first().waitFor();
  await page.context().close();
});

test('a session that another device ended asks for the password, and the write goes on', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  await endOthers(person);
  await page.fill('#new-email-email', `moved-${person.email}`);
  await page.click('pw-change-email button[type=submit]');
  await page.locator('pw-renew-dialog dialog[open]').waitFor();
  assert.equal(await page.inputValue('#renew-email'), person.email, 'this tab still knows the address');
  await page.fill('#renew-password', person.password);
  await page.click('pw-renew-dialog button[type=submit]');
  await page.locator('pw-change-email .done-text').waitFor();
  await page.context().close();
});

test('an ended session says nothing until something needs it', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await endSessions(page, person);
  await page.locator('.feed > li').first().waitFor();
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.context().close();
});

test('a sign-out ends the session at the market, and removes the cookie', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await openAccount(page);
  const { value } = await refreshTokenOf(page);
  const ended = page.waitForResponse((response) => response.url().endsWith('/sessions/current'));
  await page.click('.button-danger');
  assert.equal((await ended).status(), 204);
  await page.waitForFunction(() => localStorage.getItem('pairwork.signing-out') === null);
  assert.equal(await refreshTokenOf(page), undefined);
  await assert.rejects(api('POST', '/sessions/refresh', { body: { refresh_token: value } }), /invalid_refresh_token/);
  await page.context().close();
});

test('a sign-out without a line reaches the market at the next visit', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await openAccount(page);
  // The route outlives the page. Otherwise a last attempt of the page might reach the market.
  await page.context().route('**/sessions/current', (route) => route.abort());
  await page.click('.button-danger');
  await page.locator('.menu-end a[href="#/sign-in"]').waitFor();
  assert.doesNotMatch(await keptBy(page), new RegExp(`"pairwork.session":`));
  const [address, context] = [page.url(), page.context()];
  await page.close();
  await context.unroute('**/sessions/current');
  const next = await context.newPage();
  const ended = next.waitForResponse((response) => response.url().endsWith('/sessions/current'));
  await next.goto(address);
  assert.equal((await ended).status(), 204);
  await next.waitForFunction(() => localStorage.getItem('pairwork.signing-out') === null);
  assert.equal(await refreshTokenOf(next), undefined);
  await next.context().close();
});

test('another person who signs in over an ended session does not go on as the first', async () => {
  const [first, second] = [await register(), await register()];
  const page = await open('#/');
  await signIn(page, first);
  await endSessions(page, first);
  await go(page, '#/account');
  await page.locator('dialog[open]').waitFor();
  await page.fill('#renew-email', second.email);
  await page.fill('#renew-password', second.password);
  await page.click('pw-renew-dialog button[type=submit]');
  await page.locator('.page-lead', { hasText: second.email }).waitFor();
  assert.equal(await page.locator('.page-lead', { hasText: first.email }).count(), 0);
  await page.context().close();
});
