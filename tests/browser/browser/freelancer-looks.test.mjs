/** The freelancer's pages in both languages, light and dark, on a phone and on a desk; and hostile texts on them. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import {
  api,
  baseUrl,
  expectAccessible,
  expectNoComplaints,
  go,
  LANGUAGES,
  launch,
  newcomer,
  open,
  quit,
  register,
  SCHEMES,
  screenshot,
  settled,
  signIn,
  WIDTHS,
} from '../harness.mjs';

before(launch);
after(quit);

const { items: projects } = await api('GET', '/projects?limit=100');
/** The skills that most projects ask for. */
const counts = new Map();
for (const skill of projects.flatMap(({ skills }) => skills)) counts.set(skill, (counts.get(skill) ?? 0) + 1);
const [often, ...others] = [...counts].sort((one, other) => other[1] - one[1]).map(([skill]) => skill);
const project = projects.find(({ skills }) => skills.includes(often) && skills.length >= 3);

const person = await register(newcomer('김민아'));
await api('PUT', '/freelancers/me', {
  token: person.token,
  body: {
    headline: '가게와 은행의 화면을 디자인합니다',
    category: 'Design',
    skills: others.slice(0, 2),
    bio: '9년째 화면을 그리고 있습니다. I answer in Korean and English.',
    languages: ['ko', 'en'],
    weekly_hours: 25,
    timezone: 'Asia/Seoul',
  },
});

const PAGES = {
  profile: '#/profile',
  'my-matches': '#/my-matches',
  advice: `#/my-matches/${project.id}/advice`,
};

for (const language of LANGUAGES) {
  for (const scheme of SCHEMES) {
    for (const width of WIDTHS) {
      const look = `${language}-${scheme}-${width}`;
      test(`a freelancer's pages: ${look}`, { timeout: 360_000 }, async () => {
        const page = await open('#/', { language, scheme, width });
        await signIn(page, person);
        for (const [name, hash] of Object.entries(PAGES)) {
          await go(page, hash);
          await settled(page);
          if (name === 'profile') await fillAdvice(page);
          if (name === 'my-matches') await page.locator('.my-match .waterfall').first().waitFor();
          if (name === 'advice') await page.locator('.standing-rank').waitFor();
          await check(page, `${name}-${look}`, language);
        }
        await preview(page);
        await check(page, `preview-${look}`, language);
        expectNoComplaints(page);
        await page.context().close();
      });
    }
  }
}

/** Shows the advice as it is while a skill is typed. */
async function fillAdvice(page) {
  await page.locator('.advice [role=status]', { hasText: /\d/ }).waitFor();
  await page.fill('#field-skills', often);
  await page.locator('.advice-asked .effect-note').first().waitFor();
}

/** Puts the live preview into the page, as the form of a project does. */
async function preview(page) {
  await page.evaluate(
    async (typed) => {
      await import('/web/components/live-preview.js');
      const element = Object.assign(document.createElement('pw-live-preview'), { project: typed });
      document.querySelector('.page').replaceChildren(document.querySelector('h1'), element);
    },
    { title: project.title, description: project.description, skills: project.skills },
  );
  await page.locator('.preview-row').nth(4).waitFor();
  await page.locator('.preview-why summary').first().click();
}

async function check(page, name, language) {
  await screenshot(page, name);
  await expectAccessible(page, name);
  const facts = await page.evaluate(() => ({
    headings: document.querySelectorAll('h1').length,
    language: document.documentElement.lang,
    overflow: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll('button, .button, .filter, .menu-link, summary, input, select')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
      .map((element) => [element.textContent || element.id, element.getBoundingClientRect().height])
      .filter(([, height]) => height < 43.5),
  }));
  assert.deepEqual(facts, { headings: 1, language, overflow: 0, small: [] }, name);
}

test('the preview agrees with the market about the same people', async () => {
  // The words of the component come with every view but the first.
  const page = await open('#/register');
  await settled(page);
  await preview(page);
  const rows = await page
    .locator('.preview-row')
    .evaluateAll((found) =>
      found.map((row) => [row.querySelector('a').hash, row.querySelector('.preview-score').textContent]),
    );
  assert.equal(rows.length, 5);
  const scores = rows.map(([, score]) => Number.parseFloat(score));
  assert.deepEqual(
    scores,
    [...scores].sort((one, other) => other - one),
    'the best first',
  );
  const firstLoad = await page.evaluate(
    () => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length,
  );
  assert.equal(firstLoad, 1, 'the module is loaded once, when it is needed');
  expectNoComplaints(page);
  await page.context().close();
});

const HOSTILE = [
  '<img src=x onerror="globalThis.pwned = true">',
  '<script>globalThis.pwned = true</script>',
  '"><svg onload=globalThis.pwned=true>',
  "';alert(1)//",
  '&lt;b&gt;&amp;',
  '{{7*7}}',
  '${globalThis.pwned=true}',
  '%00%n%s',
  '../../etc/passwd',
  '[object Object]',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '\u202Etxet\u202C',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  'ﷺ'.repeat(8),
  'x'.repeat(50),
  '전각ＡＢＣ',
  'https://evil.example/',
  'data:text/html,<b>',
];

/** The list of naughty strings, where its folder is given. */
async function hostileTexts() {
  const folder = process.env.PAIRWORK_VECTORS;
  if (!folder) return HOSTILE;
  return [...HOSTILE, ...JSON.parse(await readFile(`${folder}/blns/blns.json`, 'utf8'))];
}

/** So many texts are tried at a time, as skills of one profile. */
const AT_ONCE = 40;

test('hostile texts in every field are shown as text everywhere', { timeout: 400_000 }, async (context) => {
  const texts = [...new Set(await hostileTexts())];
  const attacked = await register(newcomer('<img src=x onerror=globalThis.pwned=true>'));
  const page = await open('#/', { width: 360 });
  page.on('dialog', (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
  await signIn(page, attacked);
  let taken = 0;
  for (let at = 0; at < texts.length; at += AT_ONCE) {
    const some = texts.slice(at, at + AT_ONCE);
    await type(page, some);
    await page.locator('.saved, [aria-invalid=true], .form-failure p').first().waitFor();
    await expectHarmless(page);
    // The texts that the API takes go on to the other pages.
    const skills = await store(attacked.token, some);
    taken += skills.length;
    for (const hash of ['#/my-matches?skills=0', '#/account', `#/freelancers/${attacked.id}`]) {
      await go(page, hash);
      await settled(page);
      await expectHarmless(page);
    }
    await page.locator('.chips li').first().waitFor();
    assert.deepEqual(await page.locator('.chips li').allTextContents(), skills);
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage)) if (key.startsWith('pairwork.draft')) localStorage.removeItem(key);
    });
  }
  context.diagnostic(`${texts.length} texts, ${taken} taken as skills`);
  assert.ok(taken > texts.length / 2);
  await page.context().close();
});

/** Fills every field of the profile with hostile texts and sends it. */
async function type(page, texts) {
  const text = (place, length) => texts[place % texts.length].slice(0, length);
  await go(page, '#/profile');
  await page.locator('#field-headline').waitFor();
  await page.fill('#field-headline', text(0, 120));
  await page.fill('#field-category', text(1, 50));
  await page.fill('#field-bio', texts.join('\n').slice(0, 5_000));
  await page.fill('#field-skills', texts.map((one) => one.slice(0, 50)).join('、'));
  await page.press('#field-skills', 'Enter');
  await page.fill('#field-languages', text(2, 64));
  await page.press('#field-languages', 'Enter');
  await page.fill('#field-hourly_rate', text(3, 50));
  await page.fill('#field-weekly_hours', text(4, 50));
  await page.fill('#field-timezone', text(5, 50));
  await page.fill('#field-years_experience', text(6, 50));
  await page.click('.profile button[type=submit]');
}

/** So many characters of a text; JSON cannot hold half a character. */
function cut(text, length) {
  return [...text.toWellFormed()].slice(0, length).join('');
}

/** Puts a profile with those of the texts that the API takes, and gives its skills as they are stored. */
async function store(token, texts) {
  const body = { headline: texts[0], category: texts[1 % texts.length], skills: texts, bio: texts.join('\n') };
  body.headline = cut(body.headline, 120);
  body.category = cut(body.category, 50);
  body.skills = texts.map((text) => cut(text, 50));
  body.bio = cut(body.bio, 5_000);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const response = await fetch(`${baseUrl}/freelancers/me`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const reply = await response.json();
    if (response.ok) return reply.skills;
    assert.equal(response.status, 422, JSON.stringify(reply));
    const wrong = reply.errors.map(({ pointer }) => pointer.split('/'));
    const places = wrong.filter(([, name]) => name === 'skills').map(([, , place]) => Number(place));
    body.skills = body.skills.filter((_, place) => !places.includes(place));
    for (const [, name] of wrong) if (name !== 'skills') body[name] = 'harmless';
  }
  return assert.fail('the API takes what it did not refuse');
}

async function expectHarmless(page) {
  const found = await page.evaluate(() => ({
    pwned: globalThis.pwned,
    foreign: document.querySelectorAll('pw-shell :is(img, script, iframe, object, embed, style, link, base)').length,
    handlers: [...document.querySelectorAll('pw-shell *')].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith('on')),
    ).length,
  }));
  assert.deepEqual(found, { pwned: undefined, foreign: 0, handlers: 0 });
}
