/** Sign-in and security: the second factor from its QR code to its removal, password, address, devices, proofs. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  api, expectNoComplaints, go, hashIn, keptBy, launch, lettersTo, newcomer, open, quit, register, settled, signIn, totp,
  wantProof,
} from '../harness.mjs';

before(launch);
after(quit);

const PHONE = { width: 360 };

/** A page that is signed in and shows the view, with the clipboard at hand. */
async function openSecurity(person, look = {}) {
  const page = await open('#/', look);
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  return page;
}

/** Adds an app through the API. The next code to use is the one of this moment. */
async function withApp(person) {
  const { secret } = await api('POST', '/accounts/me/totp', { token: person.token });
  const { recovery_codes: codes } = await api('POST', '/accounts/me/totp/confirm', {
    token: person.token, body: { code: totp(secret, -1) },
  });
  return { ...person, secret, codes };
}

test('from the QR code to a sign-in with a code, and back', async () => {
  const person = await register();
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await openSecurity(person, { ...PHONE, context: { permissions } });
  await page.click('pw-second-factor .button-strong');
  const image = page.locator('pw-second-factor img.qr');
  await image.waitFor();
  assert.match(await page.evaluate(() => document.activeElement?.textContent), /Add Pairwork to your app/);
  assert.ok(await image.evaluate((one) => one.decode().then(() => one.naturalWidth > 100)), 'the picture is drawn');
  assert.equal(await page.locator('pw-second-factor svg:not(.icon)').count(), 0, 'its text is no part of the document');

  const shown = await page.locator('.secret').textContent();
  const secret = shown.replaceAll(' ', '');
  const link = await page.locator('a[href^="otpauth:"]').getAttribute('href');
  assert.equal(new URL(link).searchParams.get('secret'), secret);
  await page.click('.secret-row button');
  await page.locator('.secret-row button', { hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);

  await page.fill('#factor-code', '000000');
  await page.click('pw-second-factor button[type=submit]');
  await page.locator('#factor-code-error', { hasText: 'wrong' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'factor-code');
  const used = totp(secret, -1);
  await page.fill('#factor-code', used);
  await page.click('pw-second-factor button[type=submit]');
  await page.locator('.recovery-codes li').first().waitFor();
  const codes = await page.locator('.recovery-codes li').allTextContents();
  assert.equal(new Set(codes).size, 10);
  const download = page.waitForEvent('download');
  await page.locator('pw-second-factor button', { hasText: 'Download' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  for (const code of codes) assert.ok(text.includes(code));
  const kept = await keptBy(page);
  for (const hidden of [secret, ...codes]) assert.equal(kept.includes(hidden), false, 'nothing of it is kept');
  await page.locator('pw-second-factor .button-strong', { hasText: 'I have kept them' }).click();
  await page.locator('pw-second-factor .done-text', { hasText: 'takes a code' }).waitFor();
  assert.equal(await page.locator('.recovery-codes').count(), 0);
  expectNoComplaints(page, { except: ['/accounts/me/totp/confirm', '/freelancers/me'] });
  await page.context().close();

  const other = await open('#/sign-in', PHONE);
  await other.fill('#field-email', person.email);
  await other.fill('#field-password', person.password);
  await other.click('.form button[type=submit]');
  await other.locator('#field-code').waitFor();
  assert.equal(await other.evaluate(() => document.activeElement?.id), 'field-code');
  assert.equal((await keptBy(other)).includes(person.password), false);
  await other.fill('#field-code', used);
  await other.click('.form button[type=submit]');
  await other.locator('#field-code-error', { hasText: 'used already' }).waitFor();
  await other.fill('#field-code', totp(secret));
  await other.click('.form button[type=submit]');
  await other.waitForFunction(() => location.hash === '#/');

  await go(other, '#/account/security');
  await settled(other);
  await other.locator('pw-second-factor .button-quiet', { hasText: 'Remove the app' }).click();
  await other.locator('pw-second-factor button', { hasText: 'Use a recovery code' }).click();
  await other.fill('#factor-code', codes[0]);
  await other.locator('pw-second-factor button[type=submit]').click();
  await other.locator('pw-second-factor .done-text', { hasText: 'no code any more' }).waitFor();
  await other.context().close();
  await api('POST', '/sessions', { body: { email: person.email, password: person.password } });
});

test('a recovery code signs in once', async () => {
  const person = await withApp(await register());
  for (const outcome of ['in', 'refused']) {
    const page = await open('#/sign-in');
    await page.fill('#field-email', person.email);
    await page.fill('#field-password', person.password);
    await page.click('.form button[type=submit]');
    await page.locator('.form button', { hasText: 'Use a recovery code' }).click();
    assert.equal(await page.getAttribute('#field-code', 'inputmode'), 'text');
    await page.fill('#field-code', ` ${person.codes[4].toUpperCase()} `);
    await page.click('.form button[type=submit]');
    if (outcome === 'in') await page.waitForFunction(() => location.hash === '#/');
    else await page.locator('#field-code-error', { hasText: 'used already' }).waitFor();
    await page.context().close();
  }
});

test('too many wrong codes: the page says how long to wait, and does not try by itself', async () => {
  const person = await withApp(await register());
  const page = await open('#/sign-in', { language: 'ko' });
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('#field-code').waitFor();
  let calls = 0;
  page.on('request', (request) => { calls += request.url().endsWith('/sessions') ? 1 : 0; });
  let tries = 0;
  while (await page.locator('.form-failure p').count() === 0) {
    tries += 1;
    assert.ok(tries < 12, 'some day it is enough');
    await page.fill('#field-code', String(100_000 + tries));
    const answered = page.waitForResponse((response) => response.url().endsWith('/sessions'));
    await page.click('.form button[type=submit]');
    await answered;
    await page.locator('.form button[type=submit]:not([aria-disabled=true])').waitFor();
  }
  assert.match(await page.locator('.form-failure p').textContent(), /시도가 너무 많았어요. 15분 뒤에/);
  assert.equal(calls, tries);
  await page.context().close();
});

test('an account that has an app is told so, and makes new recovery codes', async () => {
  const person = await withApp(await register());
  const page = await open('#/sign-in');
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.fill('#field-code', totp(person.secret));
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/');
  await go(page, '#/account/security');
  await settled(page);
  await page.locator('pw-second-factor .panel-text', { hasText: '10 recovery codes are left' }).waitFor();
  assert.equal(await page.locator('pw-second-factor button', { hasText: 'Set up an app' }).count(), 0);
  await page.locator('pw-second-factor .button-strong', { hasText: 'New recovery codes' }).click();
  await page.locator('.recovery-codes li').first().waitFor();
  const codes = await page.locator('.recovery-codes li').allTextContents();
  assert.equal(new Set([...codes, ...person.codes]).size, 20);
  await page.context().close();
});

test('a proof asks for the code of an account that has an app', async () => {
  const person = await withApp(await register());
  const page = await open('#/sign-in');
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('.form button', { hasText: 'Use a recovery code' }).click();
  await page.fill('#field-code', person.codes[0]);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/');
  await go(page, '#/account/security');
  await settled(page);
  await wantProof(page, '**/accounts/me/email');
  await page.fill('#new-email-email', `moved-${person.email}`);
  await page.click('pw-change-email button[type=submit]');
  await page.locator('pw-prove-dialog dialog[open]').waitFor();
  await page.fill('#prove-password', person.password);
  await page.click('pw-prove-dialog button[type=submit]');
  await page.locator('#prove-code').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'prove-code');
  await page.fill('#prove-code', totp(person.secret));
  await page.click('pw-prove-dialog button[type=submit]');
  await page.locator('pw-change-email .done-text').waitFor();
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.context().close();
});

test('an old proof: a wrong password, no password, the right password', async () => {
  const person = await register();
  const page = await openSecurity(person);
  await wantProof(page, '**/accounts/me/password');
  await page.fill('#new-password-current_password', person.password);
  await page.fill('#new-password-password', 'three unrelated words 9');
  await page.click('pw-change-password button[type=submit]');
  await page.locator('pw-prove-dialog dialog[open]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'prove-password');
  await page.fill('#prove-password', 'not my password');
  await page.click('pw-prove-dialog button[type=submit]');
  await page.locator('pw-prove-dialog .form-failure', { hasText: 'wrong' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  assert.equal(await page.inputValue('#new-password-password'), 'three unrelated words 9', 'what was typed is there');
  assert.equal(await page.locator('pw-change-password .form-failure p').count(), 0);
  await api('POST', '/sessions', { body: { email: person.email, password: person.password } });

  await wantProof(page, '**/accounts/me/password');
  await page.click('pw-change-password button[type=submit]');
  await page.fill('#prove-password', person.password);
  await page.click('pw-prove-dialog button[type=submit]');
  await page.locator('pw-change-password .done-text').waitFor();
  assert.equal(await page.inputValue('#new-password-password'), '');
  await api('POST', '/sessions', { body: { email: person.email, password: 'three unrelated words 9' } });
  await page.context().close();
});

test('a guessable password is refused at its field, in both languages', async () => {
  const person = await register();
  for (const [language, sentence] of [['en', 'easy to guess'], ['ko', '쉽게 추측할 수 있어요']]) {
    const page = await openSecurity(person, { language, ...PHONE });
    await page.fill('#new-password-current_password', person.password);
    await page.fill('#new-password-password', 'password1');
    await page.click('pw-change-password button[type=submit]');
    await page.locator('#new-password-password-error', { hasText: sentence }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'new-password-password');
    await page.context().close();
  }
});

test('a new password signs the other devices out, and this one stays', async () => {
  const person = await register();
  const page = await openSecurity(person);
  await page.locator('pw-devices .device', { hasText: 'This device' }).waitFor();
  const before = await page.locator('pw-devices .device').count();
  assert.ok(before >= 2);
  await page.fill('#new-password-current_password', person.password);
  await page.fill('#new-password-password', 'four unrelated words 9');
  await page.click('pw-change-password button[type=submit]');
  await page.locator('pw-change-password .done-text').waitFor();
  await page.waitForFunction(() => document.querySelectorAll('pw-devices .device').length === 1);
  await page.reload();
  await settled(page);
  await page.locator('pw-devices .device', { hasText: 'This device' }).waitFor();
  await page.context().close();
});

test('devices: one is signed out, then all others', async () => {
  const person = await register();
  for (let count = 0; count < 3; count += 1) {
    await api('POST', '/sessions', {
      body: { email: person.email, password: person.password },
      headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile' },
    });
  }
  const page = await openSecurity(person, PHONE);
  await page.locator('pw-devices .device').nth(4).waitFor();
  assert.equal(await page.locator('pw-devices .device', { hasText: 'Chrome, Linux' }).count(), 1, 'this one');
  assert.equal(await page.locator('pw-devices .device', { hasText: 'Chrome, Android' }).count(), 3);
  await page.locator('pw-devices .device', { hasText: 'Chrome, Android' }).first().locator('button').click();
  await page.locator('pw-devices .done-text', { hasText: 'One device was signed out' }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('pw-devices .device').length === 4);
  await page.locator('pw-devices .button-danger').click();
  await page.locator('pw-devices .done-text', { hasText: '3 devices were signed out' }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll('pw-devices .device').length === 1);
  await page.locator('pw-devices', { hasText: 'signed in on no other device' }).waitFor();
  const change = { token: person.token, body: { email: 'a@b.example' } };
  await assert.rejects(api('PUT', '/accounts/me/email', change), /401/);
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a device that another page has signed out already is no failure', async () => {
  const person = await register();
  const page = await openSecurity(person);
  await page.locator('pw-devices .device').nth(1).waitFor();
  await api('DELETE', '/sessions/current', { token: person.token });
  await page.locator('.device button').first().click();
  await page.waitForFunction(() => document.querySelectorAll('pw-devices .device').length === 1);
  assert.equal(await page.locator('pw-devices .form-failure').count(), 0);
  await page.context().close();
});

test('the list of devices fails, says so, and comes at the next try', async () => {
  const person = await register();
  const page = await open('#/');
  await signIn(page, person);
  await page.route('**/sessions', (route) => route.fulfill({ status: 500, body: '{"code":"internal"}' }));
  await go(page, '#/account/security');
  await page.locator('pw-devices .notice-failed').waitFor();
  await page.unroute('**/sessions');
  await page.locator('pw-devices .notice-failed button').click();
  await page.locator('pw-devices .device').first().waitFor();
  await page.context().close();
});

test('a line that is lost in the middle of a change: it goes on when the line is back', async () => {
  const person = await register();
  const page = await openSecurity(person);
  await page.locator('pw-devices .device').first().waitFor();
  await page.context().setOffline(true);
  await page.fill('#new-password-current_password', person.password);
  await page.fill('#new-password-password', 'five unrelated words 9');
  await page.click('pw-change-password button[type=submit]');
  await page.locator('.banner-lost').waitFor();
  assert.match(await page.locator('pw-change-password button[type=submit]').textContent(), /One moment/);
  await page.context().setOffline(false);
  await page.locator('pw-change-password .done-text').waitFor();
  await page.context().close();
});

test('another address counts once its letter is answered', async () => {
  const person = await register();
  const page = await openSecurity(person);
  const { email: moved } = newcomer();
  await page.fill('#new-email-email', 'no address');
  await page.click('pw-change-email button[type=submit]');
  await page.locator('#new-email-email-error').waitFor();
  await page.fill('#new-email-email', moved);
  await page.click('pw-change-email button[type=submit]');
  await page.locator('pw-change-email .done-text', { hasText: moved }).waitFor();
  const [letter] = await lettersTo(moved);
  const tab = await page.context().newPage();
  await tab.goto(new URL(`/${hashIn(letter)}`, page.url()).href);
  await tab.fill('#field-password', 'not my password');
  await tab.click('.form button[type=submit]');
  await tab.locator('.form-failure', { hasText: 'wrong' }).waitFor();
  await tab.fill('#field-password', person.password);
  await tab.click('.form button[type=submit]');
  await tab.locator('.notice-title', { hasText: moved }).waitFor();
  await page.reload();
  await page.locator('.email-now', { hasText: moved }).waitFor();
  await api('POST', '/sessions', { body: { email: moved, password: person.password } });
  await tab.reload();
  await tab.fill('#field-password', person.password);
  await tab.click('.form button[type=submit]');
  await tab.locator('.notice-title', { hasText: 'does not work any more' }).waitFor();
  await page.context().close();
});
