/** A person deletes a project and a profile, after a question. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, launch, lettersTo, open, quit, register, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

/** Asks for the deletion, changes one's mind, and deletes in the end. */
async function askTwice(page, id, label) {
  await page.click(`#${id} > button`);
  await page.locator(`#${id} dialog[open]`).waitFor();
  await expectAccessible(page, label);
  await page.locator(`#${id} dialog .button-quiet`).click();
  await page.locator(`#${id} dialog[open]`).waitFor({ state: 'detached' });
  await page.click(`#${id} > button`);
  await page.locator(`#${id} dialog[open] button[type=submit]`).click();
  await page.waitForFunction(() => location.hash === '#/account');
}

test('the owner deletes a project', async () => {
  const person = await register();
  const { id } = await api('POST', '/projects', {
    token: person.token, body: { title: 'Not needed any more', category: 'Software', skills: ['Rust'] },
  });
  const page = await open('#/');
  await signIn(page, person);
  await go(page, `#/projects/${id}`);
  await settled(page);
  await askTwice(page, 'delete-project', 'the question before a project is deleted');
  await settled(page);
  assert.equal(await page.locator('text=Not needed any more').count(), 0);
  const { items } = await api('GET', '/accounts/me/projects', { token: person.token });
  assert.deepEqual(items, []);
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a freelancer deletes the profile', async () => {
  const person = await register();
  const { id } = await api('PUT', '/freelancers/me', {
    token: person.token, body: { headline: 'Leaves soon', category: 'Software', skills: ['Rust'] },
  });
  const page = await open('#/');
  await signIn(page, person);
  await go(page, `#/freelancers/${id}`);
  await settled(page);
  await askTwice(page, 'delete-profile', 'the question before a profile is deleted');
  await page.locator('text=You have no profile yet').waitFor();
  await go(page, `#/freelancers/${id}`);
  await page.getByText('This does not exist, or no longer does.').waitFor();
  expectNoComplaints(page, { except: ['/freelancers/'] });
  await page.context().close();
});

test('an account is exported, closed and kept', async () => {
  const person = await register();
  const page = await open('#/', { width: 360 });
  await signIn(page, person);
  await go(page, '#/account/security');
  await settled(page);
  const download = page.waitForEvent('download');
  await page.click('pw-export-account button');
  const file = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  assert.deepEqual([file.account.email, file.projects, file.next_cursor], [person.email, [], null]);
  await page.locator('pw-export-account .done-text').waitFor();

  await page.click('#delete-account > button');
  await page.locator('#delete-account dialog[open]').waitFor();
  await expectAccessible(page, 'the question before an account is deleted');
  // The first call meets a proof that is too old, so the page asks for the password over the question.
  await page.route('**/accounts/me', (route) => (route.request().method() === 'DELETE' ? route.fulfill({
    status: 401,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 401, code: 'reauthentication_required', title: 'Prove who you are once more' }),
  }) : route.continue()), { times: 1 });
  await page.locator('#delete-account dialog button[type=submit]').click();
  await page.locator('pw-prove-dialog [name=password]').fill(person.password);
  await page.locator('pw-prove-dialog button[type=submit]').click();
  await page.locator('pw-closing-banner .button-strong').waitFor();
  await expectAccessible(page, 'the banner of an account that is closing');
  const [letter] = await lettersTo(person.email);
  assert.match(letter.subject, /will be deleted/);

  // Another visit says so on every view, and keeps the account.
  const other = await open('#/');
  await signIn(other, person);
  await other.locator('pw-closing-banner', { hasText: 'will be deleted on' }).waitFor();
  await other.locator('pw-closing-banner .button-strong').click();
  await other.locator('pw-closing-banner .status-note').waitFor({ state: 'detached' });
  const session = await api('POST', '/sessions', { body: { email: person.email, password: person.password } });
  assert.equal((await api('GET', '/accounts/me', { token: session.access_token })).erased_at, undefined);
  await other.context().close();
  await page.context().close();
});
