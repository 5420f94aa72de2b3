/** Recent activity: the owner sees each act, and more of them on demand. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, launch, open, quit, register, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

test('the view lists the acts, newest first, and more on demand', async () => {
  const person = await register();
  let { token } = person;
  for (let number = 0; number < 10; number += 1) {
    const proved = await api('POST', '/sessions/current/proof', { token, body: { password: person.password } });
    token = proved.access_token;
  }
  const page = await open('#/');
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  const rows = page.locator('pw-activity .activity');
  await rows.nth(9).waitFor();
  assert.equal(await rows.count(), 10);
  assert.match(await rows.first().textContent(), /Signed in.*with the password · from this network/);
  assert.match(await rows.nth(1).textContent(), /Identity proved/);
  await expectAccessible(page, 'activity');
  await page.locator('pw-activity button', { hasText: 'Show more' }).click();
  await rows.nth(12).waitFor();
  assert.equal(await rows.count(), 13, 'ten proofs, two sign-ins, one registration');
  assert.match(await rows.last().textContent(), /Account opened/);
  assert.equal(await page.locator('pw-activity button').count(), 0);
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});
