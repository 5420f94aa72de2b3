/** Passkeys with Chromium's virtual authenticator: add one, sign in by it alone, prove with it, remove it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  baseUrl, expectAccessible, expectNoComplaints, go, keptBy, launch, lettersTo, open, quit, register, screenshot,
  settled, signIn, wantProof,
} from '../harness.mjs';

before(launch);
after(quit);

/** A browser binds passkeys to a name, and the market's address is a number. */
const named = baseUrl.replace('127.0.0.1', 'localhost');

/** A page with a device that keeps passkeys and verifies the person. */
async function openWithDevice(hash, look = {}) {
  const page = await open('#/', look);
  await page.goto(`${named}/${hash}`);
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const device = {
    passkeys: async () => (await client.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    clear: () => client.send('WebAuthn.clearCredentials', { authenticatorId }),
    verifies: (isUserVerified) => client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
  return { page, device };
}

/** Signs out on the page of the account. */
async function signOut(page) {
  await go(page, '#/account');
  await settled(page);
  await page.locator('.button-danger').click();
  await page.waitForFunction(() => location.hash === '#/');
}

for (const language of ['en', 'ko']) {
  test(`a passkey from its addition to its removal: ${language}`, async () => {
    const person = await register();
    const { page, device } = await openWithDevice('#/', { language, width: language === 'ko' ? 360 : 1280 });
    await signIn(page, person);
    await go(page, '#/account/security');
    await settled(page);
    const part = page.locator('pw-passkeys');
    await part.locator('#passkey-name').fill('My laptop 💻');
    await part.locator('button[type=submit]').click();
    await part.locator('.device-name', { hasText: 'My laptop 💻' }).waitFor();
    await part.locator('.done-text').waitFor();
    assert.equal((await device.passkeys()).length, 1);
    await screenshot(page, `passkeys-${language}`);
    await expectAccessible(page, 'the list of passkeys');
    const letters = await lettersTo(person.email);
    assert.match(letters[0].subject, /passkey|패스키/);

    // The device has one for this account already.
    await part.locator('button[type=submit]').click();
    await part.locator('.form-failure p').waitFor();
    assert.equal(await part.locator('.device').count(), 1);

    await signOut(page);
    await go(page, '#/sign-in?next=%23%2Faccount%2Fsecurity');
    await settled(page);
    await page.locator('.form .button-quiet').click();
    await page.waitForFunction(() => location.hash === '#/account/security');
    await settled(page);
    await part.locator('.device-name').waitFor();
    assert.equal((await keptBy(page)).includes('prt_'), false);

    // A proof of identity by the passkey, then the removal.
    await wantProof(page, '**/accounts/me/passkeys/pky_*');
    await part.locator('.device button').click();
    const dialog = page.locator('pw-prove-dialog dialog[open]');
    await dialog.waitFor();
    await expectAccessible(page, 'the dialog that takes a passkey');
    await dialog.locator('.button-quiet').first().click();
    await part.locator('.done-text').waitFor();
    assert.equal(await part.locator('.device').count(), 0);

    await signOut(page);
    await go(page, '#/sign-in');
    await settled(page);
    await page.locator('.form .button-quiet').click();
    await page.locator('.form-failure p').waitFor();
    assert.match(page.url(), /sign-in/);
    expectNoComplaints(page, { except: ['/freelancers/me', '/accounts/me/passkeys', '/sessions/passkeys'] });
    await page.context().close();
  });
}

test('a device that verifies nobody signs nobody in', async () => {
  const { page, device } = await openWithDevice('#/sign-in');
  await settled(page);
  await device.verifies(false);
  await page.locator('.form .button-quiet').click();
  await page.locator('.form-failure p', { hasText: 'Nothing was chosen' }).waitFor();
  expectNoComplaints(page);
  await page.context().close();
});

test('a page that was opened by a number says where passkeys are', async () => {
  const person = await register();
  const page = await open('#/sign-in');
  await settled(page);
  assert.equal(await page.locator('.form .button-quiet').count(), 0);
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  const link = page.locator('pw-passkeys a');
  await link.waitFor();
  assert.equal(await link.getAttribute('href'), `${named}/#/account/security`);
  assert.equal(await page.locator('pw-passkeys button').count(), 0);
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a browser without passkeys has no button for them', async () => {
  const page = await open('#/');
  await page.addInitScript(() => { delete globalThis.PublicKeyCredential; });
  await page.goto(`${named}/#/sign-in`);
  await page.reload();
  await settled(page);
  await page.locator('#field-email').waitFor();
  assert.equal(await page.locator('.form .button-quiet').count(), 0);
  await page.context().close();
});
