/** Every page for everybody, in both languages, light and dark, on a phone and on a desk. */
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
const project = (await api('GET', '/accounts/me/projects?limit=1', { token })).items[0];
const freelancers = (await api('GET', '/freelancers?limit=100')).items;
const experienced = freelancers.find(({ rating }) => rating !== null) ?? freelancers[0];
const beginner =
  freelancers.find(({ rating, completed_jobs }) => rating === null && completed_jobs === 0) ?? freelancers[0];

const PAGES = {
  home: '#/',
  'home-filtered': '#/?skill=Rust',
  'home-nothing': '#/?skill=Alchemy',
  freelancers: '#/freelancers',
  freelancer: `#/freelancers/${experienced.id}`,
  newcomer: `#/freelancers/${beginner.id}`,
  project: `#/projects/${project.id}`,
  register: '#/register',
  'sign-in': '#/sign-in',
  'sign-in-first': '#/account',
  'not-found': '#/nowhere',
};

for (const language of LANGUAGES) {
  for (const scheme of SCHEMES) {
    for (const width of WIDTHS) {
      const look = `${language}-${scheme}-${width}`;
      test(`pages for everybody: ${look}`, async () => {
        const page = await open('#/', { language, scheme, width });
        for (const [name, hash] of Object.entries(PAGES)) {
          await go(page, hash);
          await settled(page);
          await check(page, `${name}-${look}`, language);
        }
        expectNoComplaints(page);
        await page.context().close();
      });

      test(`pages for signed-in people: ${look}`, async () => {
        const page = await open('#/', { language, scheme, width });
        await signIn(page, DEMO);
        for (const [name, hash] of [
          ['account', '#/account'],
          ['own-project', `#/projects/${project.id}`],
        ]) {
          await go(page, hash);
          await settled(page);
          await check(page, `${name}-${look}`, language);
        }
        if (width < 832) {
          await page.click('.menu-button');
          await check(page, `menu-${look}`, language);
          await page.keyboard.press('Escape');
          assert.ok(
            await page.evaluate(() => document.activeElement?.matches('.menu-button')),
            'Escape closes the menu',
          );
        }
        // The demo client has no profile, which the API says by 404.
        expectNoComplaints(page, { except: ['/freelancers/me'] });
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
    small: [...document.querySelectorAll('button, .button, .filter, .menu-link, .chip-link, input, select')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
      .map((element) => [element.textContent || element.id, element.getBoundingClientRect().height])
      .filter(([, height]) => height < 43.5),
  }));
  assert.deepEqual(facts, { headings: 1, language, overflow: 0, small: [] }, name);
}
