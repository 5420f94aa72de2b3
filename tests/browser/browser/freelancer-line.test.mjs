/** A freelancer's way while the line drops every five seconds. */
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
  settled,
} from '../harness.mjs';

before(launch);
after(quit);

test(
  'from newcomer to a profile, matches and advice over a line that drops every 5 s',
  { timeout: 720_000 },
  async () => {
    const { items: projects } = await api('GET', '/projects?limit=20');
    const skills = projects[0].skills.slice(0, 2);
    const page = await open('#/register?next=%23%2Fprofile', { width: 360 });
    await settled(page);
    const stop = dropEveryFiveSeconds(page.context());
    const person = newcomer('Bad Line');
    await page.fill('#field-display_name', person.display_name);
    await page.fill('#field-email', person.email);
    await page.fill('#field-password', person.password);
    await page.click('.form button[type=submit]');
    await page.locator('#field-headline').waitFor();
    await page.fill('#field-headline', 'Work from a train');
    await page.fill('#field-category', projects[0].category);
    for (const skill of skills) {
      await page.fill('#field-skills', skill);
      await page.press('#field-skills', 'Enter');
    }
    for (const language of projects[0].languages ?? []) {
      await page.fill('#field-languages', language);
      await page.press('#field-languages', 'Enter');
    }
    // The line is lost at this very moment.
    await page.context().setOffline(true);
    await page.click('.profile button[type=submit]');
    await page.locator('.saved').waitFor();
    await page.locator('pw-live-advice', { hasText: /looked at/i }).waitFor();
    await go(page, '#/my-matches');
    await page.locator('.my-match').first().waitFor();
    await go(page, `#/my-matches/${projects[0].id}/advice`);
    await page.locator('.standing-rank').waitFor();
    await stop();
    const { access_token: token } = await api('POST', '/sessions', {
      body: { email: person.email, password: person.password },
    });
    assert.deepEqual((await api('GET', '/freelancers/me', { token })).skills, skills);
    expectNoComplaints(page, { except: ['net::ERR_', '/freelancers/me'] });
    await page.context().close();
  },
);
