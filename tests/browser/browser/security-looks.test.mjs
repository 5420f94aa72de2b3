/** Sign-in, security and the pages of letters in every look: axe finds nothing, nothing overflows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, LANGUAGES, launch, open, quit, register, SCHEMES, screenshot, settled,
  signIn, totp, WIDTHS,
} from '../harness.mjs';

before(launch);
after(quit);

const person = await register();
const withApp = await register();
const { secret } = await api('POST', '/accounts/me/totp', { token: withApp.token });
await api('POST', '/accounts/me/totp/confirm', { token: withApp.token, body: { code: totp(secret) } });

for (const language of LANGUAGES) {
  for (const scheme of SCHEMES) {
    for (const width of WIDTHS) {
      const look = `${language}-${scheme}-${width}`;
      test(`letters and the step of the code: ${look}`, async () => {
        const page = await open('#/forgot', { language, scheme, width });
        await settled(page);
        await check(page, `forgot-${look}`, language);
        await page.route('**/password-resets', (route) => route.fulfill({ status: 202 }));
        await page.fill('#field-email', person.email);
        await page.click('.form button[type=submit]');
        await page.locator('.letter-sent').waitFor();
        await check(page, `forgot-sent-${look}`, language);
        for (const name of ['reset', 'confirm']) {
          await go(page, `#/${name}/${'x'.repeat(43)}`);
          await page.locator('.form button[type=submit]').waitFor();
          await check(page, `${name}-${look}`, language);
        }
        await go(page, '#/sign-in?after=reset');
        await page.fill('#field-email', withApp.email);
        await page.fill('#field-password', withApp.password);
        await page.click('.form button[type=submit]');
        await page.locator('#field-code').waitFor();
        await check(page, `sign-in-code-${look}`, language);
        await page.locator('.button-start').click();
        await check(page, `sign-in-recovery-${look}`, language);
        // Chromium reports the 401 that asks for a code.
        expectNoComplaints(page, { except: ['/sessions'] });
        await page.context().close();
      });

      test(`sign-in and security: ${look}`, async () => {
        const page = await open('#/', { language, scheme, width });
        await signIn(page, person);
        await go(page, '#/account/security');
        await settled(page);
        await page.locator('pw-devices .device').first().waitFor();
        await check(page, `security-${look}`, language);
        await page.click('pw-second-factor .button-strong');
        await page.locator('img.qr').waitFor();
        await check(page, `security-scan-${look}`, language);
        await page.route('**/totp/confirm', (route) => route.fulfill({
          contentType: 'application/json',
          body: JSON.stringify({ recovery_codes: Array.from({ length: 10 }, (_, index) => `k7mq${index}-x9w2p`) }),
        }));
        // The app was confirmed in the market's place, so the account is told so in its place, too.
        await page.route('**/accounts/me', async (route) => {
          const response = await route.fetch();
          const account = { ...await response.json(), has_second_factor: true, recovery_codes_left: 10 };
          await route.fulfill({ response, json: account });
        });
        await page.fill('#factor-code', '123456');
        await page.locator('pw-second-factor button[type=submit]').click();
        await page.locator('.recovery-codes').waitFor();
        await check(page, `security-recovery-${look}`, language);
        await page.locator('pw-second-factor .button-wide').click();
        await page.locator('pw-second-factor .button-quiet').click();
        await page.locator('#factor-code').waitFor();
        await check(page, `security-remove-${look}`, language);
        await page.route('**/accounts/me/email', (route) => route.fulfill({
          status: 401, contentType: 'application/problem+json',
          body: JSON.stringify({ status: 401, code: 'reauthentication_required' }),
        }));
        await page.fill('#new-email-email', 'another@pairwork.example');
        await page.click('pw-change-email button[type=submit]');
        await page.locator('pw-prove-dialog dialog[open]').waitFor();
        await check(page, `security-proof-${look}`, language);
        expectNoComplaints(page, { except: ['/freelancers/me', '/accounts/me/email'] });
        await page.context().close();
      });
    }
  }
}

async function check(page, name, language) {
  await screenshot(page, name);
  await expectAccessible(page, name);
  const facts = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    language: document.documentElement.lang,
    overflow: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll('button, .button, .menu-link, input')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
      .map((element) => [element.textContent || element.id, element.getBoundingClientRect().height])
      .filter(([, height]) => height < 43.5),
  }));
  assert.deepEqual(facts, { headings: 1, language, overflow: 0, small: [] }, name);
}
