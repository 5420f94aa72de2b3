/** Letters and their links: a forgotten password, and a registration that a letter confirms. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, hashIn, keptBy, launch, lettersTo, newcomer, open, quit, register,
  settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

const NEW_PASSWORD = 'seven purple umbrellas';

test('a forgotten password, from the sign-in to the sign-in', async () => {
  const person = await register();
  const page = await open('#/sign-in', { width: 360 });
  await page.fill('#field-email', person.email);
  await page.click('.form-aside a[href="#/forgot"]');
  await page.locator('h1', { hasText: 'Forgotten password' }).waitFor();
  assert.equal(await page.inputValue('#field-email'), person.email, 'the address comes along');
  await page.click('.form button[type=submit]');
  await page.locator('.letter-sent', { hasText: person.email }).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.matches('.letter-sent')));
  const [letter] = await lettersTo(person.email);
  const hash = hashIn(letter);
  assert.match(hash, /^#\/reset\//);

  await go(page, hash);
  await page.locator('h1', { hasText: 'New password' }).waitFor();
  await page.fill('#field-password', 'password1');
  await page.click('.form button[type=submit]');
  await page.locator('#field-password-error', { hasText: 'easy to guess' }).waitFor();
  await page.fill('#field-password', NEW_PASSWORD);
  await page.click('.form button[type=submit]');
  await page.locator('.status-note', { hasText: 'Your new password counts' }).waitFor();
  const secret = hash.split('/').at(-1);
  assert.equal((await keptBy(page)).includes(secret), false, 'the secret of the link is kept nowhere');
  assert.equal((await keptBy(page)).includes(NEW_PASSWORD), false);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', NEW_PASSWORD);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/');
  await assert.rejects(api('POST', '/sessions', { body: { email: person.email, password: person.password } }), /401/);

  await go(page, hash);
  await page.locator('#field-password').waitFor();
  await page.fill('#field-password', 'eight purple umbrellas');
  await page.click('.form button[type=submit]');
  await page.locator('[role=alert]', { hasText: 'does not work any more' }).waitFor();
  await expectAccessible(page, 'a link that was used');
  await page.locator('.notice a[href="#/forgot"]').click();
  await page.locator('h1', { hasText: 'Forgotten password' }).waitFor();
  expectNoComplaints(page, { except: ['/password-resets/'] });
  await page.context().close();
});

test('a reset ends the session of this browser, too, and leaves that of somebody else alone', async () => {
  const [forgetful, other] = [await register(), await register()];
  // The first reset leaves two letters: its link, and the news that the password was changed.
  for (const [person, isOut, letters] of [[forgetful, true, 1], [other, false, 3]]) {
    const page = await open('#/');
    await signIn(page, person);
    await api('POST', '/password-resets', { body: { email: forgetful.email } });
    const [letter] = await lettersTo(forgetful.email, letters);
    await go(page, hashIn(letter));
    await page.fill('#field-password', `${NEW_PASSWORD} ${isOut}`);
    await page.click('.form button[type=submit]');
    await page.locator('.status-note').waitFor();
    const mark = await page.evaluate(() => localStorage.getItem('pairwork.session'));
    if (isOut) assert.equal(mark, null);
    else assert.match(mark, new RegExp(other.id));
    await page.context().close();
  }
});

test('an unknown address gets the same answer', async () => {
  const page = await open('#/forgot', { language: 'ko' });
  const { email } = newcomer();
  await page.fill('#field-email', email);
  await page.click('.form button[type=submit]');
  await page.locator('.letter-sent', { hasText: email }).waitFor();
  await page.locator('.letter-sent button').click();
  assert.equal(await page.inputValue('#field-email'), email, 'once more is one press away');
  expectNoComplaints(page);
  await page.context().close();
});

test('a market that confirms by letter: the page says where to look', async () => {
  const page = await open('#/register', { width: 360 });
  const person = newcomer('김민아');
  // The market under test opens accounts at once; one that does not answers so.
  await page.route('**/accounts', (route) => route.fulfill({ status: 202 }));
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('.letter-sent', { hasText: person.email }).waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.matches('.letter-sent')));
  assert.equal(await page.evaluate(() => localStorage.getItem('pairwork.draft.register')), null);
  await expectAccessible(page, 'a registration that waits for its letter');
  await page.context().close();
});

test('the link of such a letter opens the account, and the sign-in knows the address', async () => {
  const page = await open('#/confirm/some-secret');
  await page.route('**/email-confirmations/some-secret', (route) => route.fulfill({
    status: 201,
    contentType: 'application/json',
    body: JSON.stringify({
      id: 'usr_01JD8Z3V9K8Y2N6Q4T7W5X1A0B', email: 'mina@example.com', display_name: '김민아',
      created_at: '2026-11-01T09:00:00Z',
    }),
  }));
  await settled(page);
  await page.fill('#field-password', NEW_PASSWORD);
  await page.click('.form button[type=submit]');
  await page.locator('.status-note', { hasText: 'Your account is open' }).waitFor();
  assert.equal(await page.inputValue('#field-email'), 'mina@example.com');
  await page.goBack();
  await page.waitForFunction(() => !location.hash.includes('some-secret'));
  await page.context().close();
});

test('a link that means nothing', async () => {
  const page = await open('#/confirm/nonsense', { language: 'ko' });
  await page.fill('#field-password', NEW_PASSWORD);
  await page.click('.form button[type=submit]');
  await page.locator('[role=alert]', { hasText: '더 이상 쓸 수 없는 링크예요' }).waitFor();
  await expectAccessible(page, 'a link that means nothing');
  await page.context().close();
});
