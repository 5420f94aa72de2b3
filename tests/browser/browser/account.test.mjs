/** Registration, sign-in, sign-out, and the end of a session. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  endSessions,
  expectAccessible,
  expectNoComplaints,
  go,
  keptBy,
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

test('a newcomer registers, signs out, and signs in again', async () => {
  const page = await open('#/register', { width: 360 });
  const person = newcomer('김민아');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  await settled(page);

  await page.click('.button-danger');
  await page.waitForFunction(() => location.hash === '#/');
  assert.equal(await page.evaluate(() => localStorage.getItem('pairwork.session')), null);
  assert.equal((await keptBy(page)).includes(person.password), false, 'the password is kept nowhere');

  await signIn(page, person);
  await page.click('.menu-button');
  await page.locator('.menu-end', { hasText: person.display_name }).waitFor();
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('registration by keyboard alone', async () => {
  const page = await open('#/');
  await settled(page);
  const person = newcomer('Jo Keys');
  await tabTo(page, (element) => element.matches('a[href="#/register"]'));
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Create an account' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  for (const field of ['display_name', 'email', 'password']) {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.id), `field-${field}`);
    await page.keyboard.type(person[field]);
  }
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.locator('h1', { hasText: person.display_name }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

const REFUSALS = { en: ['Please fill this in.', 'This is too short.'], ko: ['입력해 주세요.', '너무 짧아요.'] };
for (const [language, [blank, short]] of Object.entries(REFUSALS)) {
  test(`wrong fields are marked in ${language}, and the first takes the focus`, async () => {
    const page = await open('#/register', { language, width: 360 });
    await page.fill('#field-email', 'no address');
    await page.fill('#field-password', '1');
    await page.click('.form button[type=submit]');
    await page.locator('#field-display_name-error', { hasText: blank }).waitFor();
    await page.locator('#field-password-error', { hasText: short }).waitFor();
    assert.equal(await page.locator('[aria-invalid=true]').count(), 3);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'field-display_name');
    await screenshot(page, `register-wrong-${language}-light-360`);
    await expectAccessible(page, 'a refused registration');
    await page.context().close();
  });
}

test('a taken address is said, and nothing is lost', async () => {
  const taken = await register();
  const page = await open('#/register');
  await page.fill('#field-display_name', 'Somebody');
  await page.fill('#field-email', taken.email);
  await page.fill('#field-password', taken.password);
  await page.click('.form button[type=submit]');
  await page.locator('.form-failure', { hasText: 'already has an account' }).waitFor();
  assert.equal(await page.inputValue('#field-display_name'), 'Somebody');
  await page.context().close();
});

test('a reload in the middle of a form loses nothing but the password', async () => {
  const page = await open('#/register');
  await page.fill('#field-display_name', 'Half done');
  await page.fill('#field-email', 'half@');
  await page.fill('#field-password', 'secret secret');
  await page.reload();
  assert.equal(await page.inputValue('#field-display_name'), 'Half done');
  assert.equal(await page.inputValue('#field-email'), 'half@');
  assert.equal(await page.inputValue('#field-password'), '');
  assert.equal((await keptBy(page)).includes('secret secret'), false);
  await page.context().close();
});

test('the draft of one person is not for the next', async () => {
  const page = await open('#/');
  const person = await register();
  await signIn(page, person);
  await page.evaluate(() =>
    localStorage.setItem('pairwork.draft.post', JSON.stringify({ values: { title: 'Private' } })),
  );
  await endSessions(page, person);
  await go(page, '#/account');
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => location.hash.startsWith('#/sign-in'));
  assert.match(await keptBy(page), /Private/, 'the same person may come back to it');
  await signIn(page, await register());
  assert.doesNotMatch(await keptBy(page), /Private/);
  await page.context().close();
});

test('a view for signed-in people asks to sign in and then goes on', async () => {
  const person = await register();
  const page = await open('#/freelancers');
  await settled(page);
  await go(page, '#/account');
  await page.waitForFunction(() => location.hash.startsWith('#/sign-in?next='));
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/account');
  await page.goBack();
  await page.waitForFunction(() => location.hash === '#/freelancers');
  await page.context().close();
});

test('an address outside the page is no place to go on to', async () => {
  const person = await register();
  const page = await open('#/sign-in?next=https%3A%2F%2Fevil.example%2F');
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/');
  await page.context().close();
});

test('an ended session asks for the password over the view, and the call goes on', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await endSessions(page, person);
  await go(page, '#/account');
  await page.locator('dialog[open]').waitFor();
  await screenshot(page, 'session-ended-en-light-1280');
  await expectAccessible(page, 'the dialog of an ended session');
  await page.fill('dialog #renew-email', person.email);
  await page.fill('dialog #renew-password', 'wrong password');
  await page.click('dialog button[type=submit]');
  await page.locator('dialog .form-failure', { hasText: 'wrong' }).waitFor();
  await page.fill('dialog #renew-password', person.password);
  await page.click('dialog button[type=submit]');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('.notice-title', { hasText: 'You have no projects yet' }).waitFor();
  assert.equal(await page.evaluate(() => location.hash), '#/account');
  await page.context().close();
});

test('whoever does not sign in again is signed out', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await endSessions(page, person);
  await go(page, '#/account');
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => location.hash.startsWith('#/sign-in?next='));
  assert.equal(await page.evaluate(() => localStorage.getItem('pairwork.session')), null);
  await page.context().close();
});

test('a sign-out reaches the other tab', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.evaluate(() => {
    location.hash = '#/account';
  });
  await settled(other);
  await go(page, '#/account');
  await page.click('.button-danger');
  await other.waitForFunction(() => location.hash.startsWith('#/sign-in'));
  await page.context().close();
});

test('the choice of a language stays', async () => {
  const page = await open('#/register', { language: 'en' });
  await page.fill('#field-display_name', 'Kept');
  await page.click('button[lang=ko]');
  await page.locator('h1', { hasText: '회원가입' }).waitFor();
  assert.equal(await page.inputValue('#field-display_name'), 'Kept');
  await page.reload();
  await page.locator('h1', { hasText: '회원가입' }).waitFor();
  const asked = page.waitForRequest((request) => request.url().endsWith('/projects?limit=12'));
  await go(page, '#/');
  assert.equal((await asked).headers()['accept-language'], 'ko');
  await page.context().close();
});

async function tabTo(page, isThere) {
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`(${isThere})(document.activeElement)`)) return;
  }
  assert.fail('the keyboard does not get there');
}
