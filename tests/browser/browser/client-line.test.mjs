/** A client on a bad line, and texts that were written to break pages, in every field of a project. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  dropEveryFiveSeconds,
  expectNoComplaints,
  go,
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

const BROKEN = ['net::ERR_'];
const field = (name) => `.form-page [name="${name}"]`;

test('from newcomer to a project and its matches while the line drops every 5 s', { timeout: 540_000 }, async () => {
  const page = await open('#/register', { width: 360 });
  await settled(page);
  const stop = dropEveryFiveSeconds(page.context());
  const patient = { timeout: 120_000 };
  const person = newcomer('Bad Line');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('h1', { hasText: person.display_name }).waitFor(patient);

  for (const title of ['First', 'Second', 'Third']) {
    await go(page, '#/post');
    await page.locator(field('title')).waitFor(patient);
    await page.fill(field('title'), title);
    await page.fill(field('category'), 'Software');
    await page.fill(field('skills'), 'Rust,');
    await page.waitForTimeout(1_500);
    await page.click('.form-page button[type=submit]');
    await page.locator('.candidate').first().waitFor(patient);
    // A phone has the controls folded away.
    await page.click('.candidate-controls summary');
    await page.focus('#newcomers');
    await page.keyboard.press('End');
    await page.waitForFunction(() => location.hash.includes('newcomers=1'), null, patient);
    await page.focus('#overlap');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => location.hash.includes('min_skill_overlap=0'), null, patient);
    await page.locator('[aria-busy=false] .candidate .badge').first().waitFor(patient);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(() => document.querySelectorAll('.candidate').length > 10, null, patient);
  }
  await stop();
  const { access_token: token } = await api('POST', '/sessions', { body: person });
  const { items } = await api('GET', '/accounts/me/projects', { token });
  assert.deepEqual(items.map(({ title }) => title).sort(), ['First', 'Second', 'Third'], 'each is there once');
  expectNoComplaints(page, { except: [...BROKEN, '/freelancers/me'] });
  await page.context().close();
});

test('what is posted while the line is lost waits, says so, and goes on', async () => {
  const page = await open('#/', { width: 360 });
  await signIn(page, await register());
  await go(page, '#/post');
  await page.locator(field('title')).waitFor();
  await settled(page);
  await page.fill(field('title'), 'Waits');
  await page.fill(field('category'), 'Software');
  await page.fill(field('skills'), 'Rust,');
  // The view of the matches is on its way already, since a line that is lost loads no files.
  await page.context().setOffline(true);
  await page.click('.form-page button[type=submit]');
  await page.locator('.banner-lost').waitFor();
  await page.locator('button[type=submit][aria-disabled=true]').waitFor();
  await screenshot(page, 'post-line-lost-en-light-360');
  await page.context().setOffline(false);
  await page.locator('.candidate').first().waitFor();
  await page.context().close();
});

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '{{7*7}} ${7*7} <%= 7*7 %>',
  '&lt;b&gt;bold&lt;/b&gt; &amp;',
  'مرحبا \u05E9\u05DC\u05D5\u05DD',
  `Z${'\u0351\u0363'.repeat(20)}algo`,
  '👩‍👩‍👧‍👦🇰🇷',
];

test('hostile texts in every field of a project are shown as text', { timeout: 360_000 }, async () => {
  const page = await open('#/', { width: 360 });
  const alerts = [];
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    dialog.dismiss();
  });
  const person = await register(newcomer(HOSTILE[0]));
  await signIn(page, person);
  for (const text of HOSTILE) {
    await go(page, '#/post');
    await page.locator(field('title')).waitFor();
    await page.selectOption(field('budget/kind'), 'fixed');
    for (const name of ['title', 'category', 'description', 'budget/min', 'budget/max', 'weekly_hours', 'timezone']) {
      await page.fill(field(name), text);
    }
    await page.fill(field('skills'), text);
    await page.fill(field('languages'), text);
    await page.locator(field('timezone')).focus();
    await page.click('.form-page button[type=submit]');
    await page.locator('[id="field-timezone-error"]').waitFor();
    assert.deepEqual(
      await page
        .locator('.chip-tag > span')
        .allTextContents()
        .then(([skill]) => skill),
      text,
    );
    assert.equal(await page.inputValue(field('title')), text);
    await page.selectOption(field('budget/kind'), '');
    await page.fill(field('weekly_hours'), '');
    await page.fill(field('timezone'), '');
    for (const remove of await page
      .locator('[id="field-languages"]')
      .locator('xpath=..')
      .locator('.chip-remove')
      .all()) {
      await remove.click();
    }
    await page.click('.form-page button[type=submit]');
    await page.waitForFunction(() => location.hash.endsWith('/matches'));
    await page.locator('h1', { hasText: text }).waitFor();
    await settled(page);
    assert.equal(await page.locator('.candidate-header .chip').first().textContent(), text);
    const { foreign, overflow } = await page.evaluate(() => ({
      foreign: document.querySelectorAll('pw-outlet :is(script, img, iframe, style, object, i)').length,
      overflow: document.documentElement.scrollWidth - innerWidth,
    }));
    assert.deepEqual([foreign, overflow], [0, 0], text);
  }
  assert.deepEqual(alerts, []);
  expectNoComplaints(page, { except: ['/projects', '/freelancers/me'] });
  await page.context().close();
});
