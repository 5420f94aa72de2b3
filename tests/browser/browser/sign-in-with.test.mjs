/** Sign-in with a provider: a newcomer, a second sign-in, a link from the security view, and a second factor. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startWithProvider } from '../provider.mjs';

const { url, issuer, stop } = await startWithProvider();
// The harness reads the address when it is imported.
process.env.PAIRWORK_URL = url;
const {
  api, expectAccessible, expectNoComplaints, go, keptBy, launch, lettersTo, open, quit, register, settled, signIn, totp,
} = await import('../harness.mjs');

before(launch);
after(async () => {
  await quit();
  await stop();
});

/** Pages of the provider are not ours, and a newcomer has no profile. */
const FOREIGN = { except: [issuer, 'fonts.googleapis.com', '/freelancers/me'] };

/** Signs in at the provider as somebody, and agrees that the market may know. */
async function signInThere(page, name) {
  await logInThere(page, name);
  await agree(page);
}

/** Signs in at the provider as somebody who has agreed before. */
async function logInThere(page, name) {
  await page.waitForURL((address) => address.href.startsWith(issuer));
  await page.fill('input[name=login]', name);
  await page.fill('input[name=password]', 'any password will do');
  await page.click('button[type=submit]');
}

/** Agrees that the market may know. */
async function agree(page) {
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.click('button[type=submit]');
}

async function signOut(page) {
  await page.evaluate(async () => (await import('/web/core/session.js')).session.signOut());
  await page.waitForFunction(() => localStorage.getItem('pairwork.session') === null);
}

const markOf = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('pairwork.session')));

test('a newcomer opens an account with the provider, signs out, and signs in again', async () => {
  const page = await open('#/register');
  const button = page.locator('pw-provider-buttons button', { hasText: 'Continue with Local' });
  await button.waitFor();
  await expectAccessible(page, 'the registration with a provider');
  await button.click();
  await signInThere(page, 'mina');
  await page.waitForFunction(() => location.hash === '#/account');
  await settled(page);
  const mark = await markOf(page);
  assert.equal(mark.display_name, 'mina of the provider');
  assert.doesNotMatch(await keptBy(page), /authorization_code|sign_in_with/, 'nothing of the visit is kept');

  await signOut(page);
  await go(page, '#/sign-in');
  await button.click();
  // The provider remembers both the person and what they agreed to.
  await page.waitForFunction(() => location.hash === '#/');
  assert.deepEqual(await markOf(page), mark);
  expectNoComplaints(page, FOREIGN);

  // The account has no password, and this is its only way in.
  await go(page, '#/account/security');
  await page.locator('pw-providers button', { hasText: 'Unlink' }).click();
  await page.locator('pw-providers .form-failure', { hasText: 'only way to sign in' }).waitFor();
  await page.locator('pw-providers a', { hasText: 'Choose a password' }).waitFor();
  await expectAccessible(page, 'the security view with a provider');
  await page.context().close();
});

test('an account is linked in the security view; its second factor counts; and it is unlinked', async () => {
  const person = await register();
  const page = await open('#/', { language: 'ko' });
  await signIn(page, person);
  await go(page, '#/account/security');
  await page.locator('pw-providers button', { hasText: '연결' }).click();
  await signInThere(page, 'haru');
  await page.locator('pw-providers .done-text', { hasText: '연결했어요' }).waitFor();
  await page.locator('pw-providers button', { hasText: '연결 해제' }).waitFor();
  const [letter] = await lettersTo(person.email);
  assert.match(letter.text, /Local/);

  const { secret } = await api('POST', '/accounts/me/totp', { token: person.token });
  await api('POST', '/accounts/me/totp/confirm', { token: person.token, body: { code: totp(secret, -1) } });
  await signOut(page);
  await go(page, '#/sign-in');
  await page.locator('pw-provider-buttons button').click();
  await page.locator('#field-code').waitFor();
  await expectAccessible(page, 'the code after a visit to the provider');
  assert.doesNotMatch(page.url(), /authorization_code|state/, 'the address holds nothing of the visit');
  await page.fill('#field-code', '000000');
  await page.click('.form button[type=submit]');
  await page.locator('#field-code-error').waitFor();
  await page.fill('#field-code', totp(secret));
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => location.hash === '#/');
  assert.equal((await markOf(page)).id, person.id);

  await go(page, '#/account/security');
  await page.locator('pw-providers button', { hasText: '연결 해제' }).click();
  await page.locator('pw-providers .done-text', { hasText: '해제했어요' }).waitFor();
  await page.context().close();
});

test('a proof of identity comes from the provider for an account without a password', async () => {
  const page = await open('#/sign-in');
  await page.locator('pw-provider-buttons button').click();
  await signInThere(page, 'nari');
  await page.waitForFunction(() => location.hash === '#/');
  await go(page, '#/account/security');
  await settled(page);
  // The market answers as if the last proof were old.
  await page.route('**/accounts/me/totp', (route) => route.fulfill({
    status: 401,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 401, code: 'reauthentication_required', title: 'Prove who you are once more' }),
  }), { times: 1 });
  await page.locator('pw-second-factor .button-strong').click();
  await page.locator('pw-prove-dialog pw-provider-buttons button').click();
  // It asks for a new sign-in, although it knows the person.
  await logInThere(page, 'nari');
  await page.waitForFunction(() => location.hash === '#/account/security');
  await page.locator('pw-second-factor .button-strong').click();
  await page.locator('pw-second-factor img.qr').waitFor();
  await page.context().close();
});

test('a visit that began elsewhere, or was cancelled, ends with a sentence', async () => {
  const page = await open('#/sign-in-with/local?state=a&authorization_code=b');
  await page.locator('[role=alert]', { hasText: 'did not begin in this tab' }).waitFor();
  await expectAccessible(page, 'the way back without a visit');
  expectNoComplaints(page);
  await page.context().close();
});
