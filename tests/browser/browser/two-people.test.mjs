/** Two people in two browsers, both on a line that drops every five seconds: one posts, the other is found. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { dropEveryFiveSeconds, expectNoComplaints, go, launch, newcomer, open, quit, settled } from '../harness.mjs';

before(launch);
after(quit);

const PATIENT = { timeout: 120_000 };

/** Registers through the page, in a browser of one's own. */
async function arrive(name, next, width) {
  const page = await open(`#/register?next=${encodeURIComponent(next)}`, { width });
  await settled(page);
  const stop = dropEveryFiveSeconds(page.context());
  const person = newcomer(name);
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  return { page, person, stop };
}

test('a client and a freelancer find each other', { timeout: 300_000 }, async () => {
  // A skill that nobody else has, so that the two can only find each other.
  const skill = `Weaving ${Date.now().toString(36)}`;
  const [client, freelancer] = await Promise.all([
    arrive('Client On A Train', '#/post', 1280),
    arrive('Freelancer On A Bus', '#/profile', 360),
  ]);

  const offer = async () => {
    const { page } = freelancer;
    await page.locator('#field-headline').waitFor(PATIENT);
    await page.fill('#field-headline', 'Baskets of every size');
    await page.fill('#field-category', 'Crafts');
    await page.fill('#field-skills', skill);
    await page.press('#field-skills', 'Enter');
    await page.click('.profile button[type=submit]');
    await page.locator('.saved').waitFor(PATIENT);
  };
  const post = async () => {
    const { page } = client;
    const field = (name) => `.form-page [name="${name}"]`;
    await page.locator(field('title')).waitFor(PATIENT);
    await page.fill(field('title'), 'Forty baskets');
    await page.fill(field('category'), 'Crafts');
    await page.fill(field('skills'), `${skill},`);
    await page.click('.form-page button[type=submit]');
    await page.waitForFunction(() => /^#\/projects\/prj_\w+\/matches/.test(location.hash), null, PATIENT);
  };
  await Promise.all([offer(), post()]);

  // Each finds the other. A list that was read before the other came is read again.
  const found = async ({ page }, hash, card, text) => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await go(page, hash);
      await settled(page);
      const cards = page.locator(card, { hasText: text });
      if (
        await cards
          .first()
          .waitFor({ timeout: 5_000 })
          .then(
            () => true,
            () => false,
          )
      )
        return cards;
      await go(page, '#/');
      await settled(page);
    }
    return assert.fail(`${hash} never showed ${text}`);
  };
  const matches = await client.page.evaluate(() => location.hash);
  const [candidates, projects] = await Promise.all([
    found(client, matches, '.candidate', freelancer.person.display_name),
    found(freelancer, '#/my-matches', '.my-match', 'Forty baskets'),
  ]);
  assert.equal(await candidates.count(), 1);
  assert.equal(await projects.count(), 1);

  await Promise.all([client.stop(), freelancer.stop()]);
  for (const { page } of [client, freelancer]) {
    expectNoComplaints(page, { except: ['net::ERR_', '/freelancers/me'] });
    await page.context().close();
  }
});
