/** Personal data: saved, shown masked, kept when another field changes, and wrong parts named at their fields. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, launch, open, quit, register, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

test('the payout account is masked and kept', async () => {
  const person = await register();
  const page = await open('#/', { language: 'ko' });
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  const part = page.locator('pw-personal-data');
  await part.locator('#personal-legal_name').fill('김민아');
  await part.locator('#personal-phone').fill('010-1234-5678');
  await part.locator('#personal-bank').fill('KR 004');
  await part.locator('#personal-payout_account').fill('12-34');
  await part.locator('button[type=submit]').click();
  await part.locator('#personal-payout_account-error').waitFor();
  await expectAccessible(page, 'wrong personal data');
  await part.locator('#personal-payout_account').fill('123456-78-901234');
  await part.locator('button[type=submit]').click();
  await part.locator('.done-text').waitFor();
  assert.equal(await part.locator('#personal-payout_account').inputValue(), '••••••••••1234');
  assert.equal(await part.locator('#personal-phone').inputValue(), '+821012345678');

  await part.locator('#personal-legal_name').fill('Mina Kim');
  await part.locator('button[type=submit]').click();
  await part.locator('.done-text').waitFor();
  const stored = await api('GET', '/accounts/me/personal-data', { token: person.token });
  assert.equal(stored.legal_name, 'Mina Kim');
  assert.deepEqual(stored.payout_account, { country: 'KR', bank_code: '004', account_number: '••••••••••1234' });
  await expectAccessible(page, 'personal data');
  expectNoComplaints(page, { except: ['/freelancers/me', '/accounts/me/personal-data'] });
  await page.context().close();
});
