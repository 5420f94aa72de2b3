/** Every page of a client, in both languages, light and dark, on a phone and on a desk. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api,
  DEMO,
  expectAccessible,
  expectNoComplaints,
  go,
  LANGUAGES,
  launch,
  open,
  quit,
  SCHEMES,
  screenshot,
  settled,
  signIn,
  WIDTHS,
} from '../harness.mjs';

before(launch);
after(quit);

const { access_token: token } = await api('POST', '/sessions', { body: DEMO });
const { items: owned } = await api('GET', '/accounts/me/projects?limit=100', { token });
const project = owned.find(({ skills, status }) => status === 'open' && skills.includes('Rust'));

const BIDS = [
  'Name\tSkills\tRate\tRating\tJobs\tMessage',
  '김민아\tRust, DynamoDB\t65,000원\t4.8\t31\tI moved a payment gateway to Rust last year and can start on Monday.',
  'Luca\tRust\t€72\t4.1\t3\tHello',
].join('\n');

const PAGES = {
  post: { hash: '#/post', ready: '[name=timezone]' },
  edit: { hash: `#/projects/${project.id}/edit`, ready: '[name=timezone]' },
  matches: { hash: `#/projects/${project.id}/matches`, ready: '.candidate' },
  'matches-all': { hash: `#/projects/${project.id}/matches?newcomers=0.3&min_skill_overlap=0`, ready: '.candidate' },
  bids: { hash: `#/projects/${project.id}/bids`, ready: '#project', then: compareBids },
};

for (const language of LANGUAGES) {
  for (const scheme of SCHEMES) {
    for (const width of WIDTHS) {
      const look = `${language}-${scheme}-${width}`;
      test(`pages of a client: ${look}`, { timeout: 360_000 }, async () => {
        const page = await open('#/', { language, scheme, width });
        await signIn(page, DEMO);
        for (const [name, { hash, ready, then }] of Object.entries(PAGES)) {
          await go(page, hash);
          await page.locator(ready).first().waitFor();
          await settled(page);
          await then?.(page);
          await check(page, `client-${name}-${look}`, language);
        }
        expectNoComplaints(page);
        await page.context().close();
      });
    }
  }
}

async function compareBids(page) {
  await page.fill('#paste', BIDS);
  await page.click('pw-paste-bids .button-strong');
  await page.click('.form > .button-wide');
  await page.locator('.award').first().waitFor();
}

async function check(page, name, language) {
  await screenshot(page, name);
  await expectAccessible(page, name);
  const facts = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    language: document.documentElement.lang,
    overflow: document.documentElement.scrollWidth - innerWidth,
    // A label around a box is what a finger hits, not the box.
    small: [
      ...document.querySelectorAll('button, .button, summary, select, label:has(> input), input:not(label input)'),
    ]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
      .map((element) => [element.textContent || element.id, element.getBoundingClientRect().height])
      .filter(([, height]) => height < 43.5),
  }));
  assert.deepEqual(facts, { headings: 1, language, overflow: 0, small: [] }, name);
}
