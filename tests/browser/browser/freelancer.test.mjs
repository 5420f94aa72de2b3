/** A freelancer's way: profile, matches, advice, and what may go wrong on it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  api, expectAccessible, expectNoComplaints, go, launch, newcomer, open, quit, register, screenshot, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

/** Skills that the demo's projects ask for. */
const { items: projects } = await api('GET', '/projects?limit=100');
const counts = new Map();
for (const skill of projects.flatMap(({ skills }) => skills)) counts.set(skill, (counts.get(skill) ?? 0) + 1);
const [often, second, third] = [...counts].sort((one, other) => other[1] - one[1]).map(([skill]) => skill);

const PROFILE = {
  headline: 'Product design from the first sketch',
  category: 'Design',
  skills: [second, third],
  bio: 'I have designed shops and banks for nine years.',
  languages: ['en', 'ko'],
  timezone: 'Asia/Seoul',
  weekly_hours: 20,
};
/** The API says by 404 that an account has no profile, and Chromium logs it. */
const NO_PROFILE = { except: ['/freelancers/me'] };

/** Somebody with a profile, signed in. */
async function freelancer(options = {}, profile = PROFILE) {
  const person = await register(newcomer('민아 Kim'));
  await api('PUT', '/freelancers/me', { body: profile, token: person.token });
  const page = await open('#/', options);
  await signIn(page, person);
  return { page, person };
}

async function addWord(page, field, word) {
  await page.fill(`#field-${field}`, word);
  await page.press(`#field-${field}`, 'Enter');
}

test('from newcomer to a profile, its matches and advice, through the page alone', { timeout: 360_000 }, async () => {
  const page = await open('#/register?next=%23%2Fprofile', { width: 360 });
  const person = newcomer('김민아');
  await page.fill('#field-display_name', person.display_name);
  await page.fill('#field-email', person.email);
  await page.fill('#field-password', person.password);
  await page.click('.form button[type=submit]');
  await page.locator('h1', { hasText: 'Create my profile' }).waitFor();
  await page.locator('pw-live-advice', { hasText: 'Save your profile once' }).waitFor();

  await page.fill('#field-headline', PROFILE.headline);
  await page.fill('#field-category', PROFILE.category);
  for (const skill of PROFILE.skills) await addWord(page, 'skills', skill);
  await page.fill('#field-hourly_rate', '45.50');
  await page.selectOption('#field-currency', 'EUR');
  await page.fill('#field-weekly_hours', '20');
  await addWord(page, 'languages', '한국어');
  await page.fill('#field-timezone', 'Asia/Seoul');
  await page.fill('#field-years_experience', '9');
  await page.click('.profile button[type=submit]');
  await page.locator('.saved', { hasText: 'Saved.' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.className.includes('saved')), true);

  const session = await api('POST', '/sessions', { body: { email: person.email, password: person.password } });
  const stored = await api('GET', '/freelancers/me', { token: session.access_token });
  const { headline, skills, hourly_rate, weekly_hours, languages, years_experience, timezone } = stored;
  assert.deepEqual(
    { headline, skills, hourly_rate, weekly_hours, languages, years_experience, timezone },
    {
      headline: PROFILE.headline, skills: PROFILE.skills, hourly_rate: { amount: 4550, currency: 'EUR' },
      weekly_hours: 20, languages: ['en', 'ko'], years_experience: 9, timezone: 'Asia/Seoul',
    });

  // The euros of this price are no won, so projects that pay in won are no match; the price comes off.
  await page.fill('#field-hourly_rate', '');
  await page.click('.profile button[type=submit]');
  await page.locator('.saved', { hasText: 'Saved.' }).waitFor();
  await page.click('.saved .button-strong');
  await page.locator('.my-match').first().waitFor();
  const { matched, rows, chips } = await page.evaluate(() => ({
    matched: document.querySelectorAll('.my-match').length,
    rows: document.querySelectorAll('.my-match')[0].querySelectorAll('.waterfall-row').length,
    chips: document.querySelectorAll('.my-match .chip-mine').length,
  }));
  assert.ok(matched > 0 && rows >= 3, `${matched} matches, ${rows} rows of reasons`);
  assert.ok(chips > 0, 'own skills are marked');

  await page.locator('.my-match .actions .button').first().click();
  await page.locator('.standing-rank').waitFor();
  assert.match(await page.textContent('.standing-rank'), /^\d+(st|nd|rd|th)$/);
  await page.locator('.step .button').first().click();
  await page.locator('.draft-note').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.id === 'field-skills');
  assert.equal(await page.locator('.chip-tag').count(), 5, 'three skills and two languages');
  expectNoComplaints(page, NO_PROFILE);
  await page.context().close();
});

test('advice follows the skill that is typed, and says over how many projects it goes', async () => {
  const { page, person } = await freelancer();
  await go(page, '#/profile');
  await page.locator('pw-live-advice', { hasText: /looked at/i }).waitFor();
  await page.fill('#field-skills', often);
  const effect = page.locator('.advice-asked .effect', { hasText: often });
  await effect.locator('p', { hasText: /^You would (still )?(stand|not be listed)/ }).waitFor();
  // The figures are those of the API.
  const query = new URLSearchParams({ skill: often, limit: '12' });
  const { items: wanted } = await api('GET', `/projects?${query}`);
  assert.match(await effect.textContent(), new RegExp(`for ${wanted.length} open projects`));
  const shown = await effect.locator('.effect-steps li').evaluateAll((rows) => rows.map((row) => [
    decodeURIComponent(row.querySelector('a').hash.split('/')[2]), row.querySelector('.effect-ranks').textContent,
  ]));
  assert.deepEqual(shown.map(([id]) => id).sort(), wanted.map(({ id }) => id).sort());
  for (const [id, ranks] of shown) {
    const advice = await api('GET', `/freelancers/me/matches/${id}/advice`, { token: person.token });
    const { rank, shown: listed } = advice.skills.find(({ skill }) => skill === often);
    const name = (place, isListed) => (isListed ? place : 'not listed');
    assert.equal(ranks.replace(/(st|nd|rd|th)\b/g, ''),
      `${name(advice.rank, advice.obstacle !== 'too_few_skills')} → ${name(rank, listed)}`);
  }
  expectNoComplaints(page);
  await page.context().close();
});

test('a skill that nobody asks for, and one that is typed with an input method, do no harm', async () => {
  const { page } = await freelancer();
  await go(page, '#/profile');
  await page.fill('#field-skills', 'Underwater basket weaving');
  await page.locator('.effect', { hasText: 'No open project asks for it' }).waitFor();
  await page.fill('#field-skills', '한');
  await page.locator('.advice-asked .effect').waitFor({ state: 'detached' });
  await page.context().close();
});

const REFUSALS = {
  en: {
    blank: 'Please fill this in.', number: 'Please write a number.', whole: 'Please write a whole number.',
    range: 'out of range', zone: 'no such time zone',
  },
  ko: {
    blank: '입력해 주세요.', number: '숫자로 적어 주세요.', whole: '소수점 없는 숫자로', range: '범위를 벗어났어요',
    zone: '없는 시간대예요',
  },
};
for (const [language, words] of Object.entries(REFUSALS)) {
  test(`every wrong field of a profile is marked in ${language}, and the first takes the focus`, async () => {
    const person = await register();
    const page = await open('#/', { language, width: 360 });
    await signIn(page, person);
    await go(page, '#/profile');
    await page.fill('#field-weekly_hours', '169');
    await page.fill('#field-timezone', 'Mars/Base');
    await addWord(page, 'languages', 'qqq-nonsense-tag');
    await page.click('.profile button[type=submit]');
    await page.locator('#field-headline-error', { hasText: words.blank }).waitFor();
    await page.locator('#field-weekly_hours-error', { hasText: words.range }).waitFor();
    await page.locator('#field-timezone-error', { hasText: words.zone }).waitFor();
    assert.equal(await page.locator('#field-languages-error').count(), 1);
    assert.equal(await page.locator('#field-skills-error').count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'field-headline');
    await page.fill('#field-headline', 'x');
    await page.fill('#field-hourly_rate', 'a lot');
    await page.fill('#field-years_experience', '2.5');
    await page.click('.profile button[type=submit]');
    await page.locator('#field-hourly_rate-error', { hasText: words.number }).waitFor();
    await page.locator('#field-years_experience-error', { hasText: words.whole }).waitFor();
    await screenshot(page, `profile-wrong-${language}-light-360`);
    await expectAccessible(page, 'a refused profile');
    await page.context().close();
  });
}

test('a reload in the middle of the profile loses nothing', async () => {
  const { page } = await freelancer();
  await go(page, '#/profile');
  await page.fill('#field-headline', 'Half a sentence');
  await addWord(page, 'skills', 'Kubernetes');
  await page.fill('#field-bio', 'First line\nsecond line');
  await page.fill('#field-hourly_rate', '12.3');
  await page.selectOption('#field-currency', 'USD');
  await page.fill('#field-weekly_hours', 'about ten');
  await page.reload();
  await page.locator('.draft-note').waitFor();
  assert.equal(await page.inputValue('#field-headline'), 'Half a sentence');
  assert.equal(await page.inputValue('#field-bio'), 'First line\nsecond line');
  assert.equal(await page.inputValue('#field-hourly_rate'), '12.3');
  assert.equal(await page.inputValue('#field-currency'), 'USD');
  assert.equal(await page.inputValue('#field-weekly_hours'), 'about ten');
  await page.locator('.chip-tag', { hasText: 'Kubernetes' }).waitFor();
  await page.click('.draft-note button');
  await page.waitForFunction((wanted) => document.getElementById('field-headline')?.value === wanted,
    PROFILE.headline);
  await page.context().close();
});

test('a change made elsewhere meanwhile is merged, also when the form was reloaded in between', async () => {
  const { page, person } = await freelancer();
  await go(page, '#/profile');
  await page.fill('#field-headline', 'My new line');
  await page.fill('#field-weekly_hours', '30');
  const elsewhere = { ...PROFILE, headline: 'Their new line', bio: 'Written on another device.' };
  await api('PUT', '/freelancers/me', { body: elsewhere, token: person.token });
  await page.reload();
  await page.locator('.draft-note').waitFor();
  await page.click('.profile button[type=submit]');
  await page.locator('#merge-title').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'merge-title');
  await screenshot(page, 'profile-merge-en-light-1280');
  await expectAccessible(page, 'the merge of a profile');
  assert.deepEqual(await page.locator('.merge-field legend').allTextContents(), ['What you offer, in one line']);
  await page.locator('.merge-side', { hasText: 'Their new line' }).click();
  await page.click('.merge .button-strong');
  await page.locator('.saved').waitFor();
  const stored = await api('GET', '/freelancers/me', { token: person.token });
  assert.deepEqual([stored.headline, stored.bio, stored.weekly_hours],
    ['Their new line', 'Written on another device.', 30]);
  expectNoComplaints(page, NO_PROFILE);
  await page.context().close();
});

test('a reply that is lost on its way saves once and is no conflict', async () => {
  const { page, person } = await freelancer();
  await go(page, '#/profile');
  await page.fill('#field-headline', 'Sent twice');
  let attempts = 0;
  await page.route('**/freelancers/me', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    attempts += 1;
    if (attempts > 1) return route.continue();
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.click('.profile button[type=submit]');
  await page.locator('.saved').waitFor();
  assert.equal(attempts, 2);
  assert.equal((await api('GET', '/freelancers/me', { token: person.token })).headline, 'Sent twice');
  await page.context().close();
});

test('the filter ranks again at once, and Back returns to the place', async () => {
  const { page } = await freelancer();
  await go(page, '#/my-matches');
  await page.locator('.my-match').first().waitFor();
  const first = await page.locator('.my-match').count();
  await page.locator('.match-filter a', { hasText: 'All projects' }).click();
  await page.waitForFunction(() => location.hash.endsWith('skills=0'));
  await page.waitForFunction((before) => document.querySelectorAll('.my-match').length > before, Math.min(first, 9));
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => document.querySelectorAll('.my-match').length > 10);
  const shown = await page.locator('.my-match').count();
  await page.locator('.my-match .card-title a').nth(5).click();
  await page.waitForFunction(() => location.hash.startsWith('#/projects/'));
  await settled(page);
  await page.goBack();
  await page.waitForFunction((count) => document.querySelectorAll('.my-match').length >= count, shown);
  assert.equal(await page.locator('.filter[aria-current]').textContent(), 'All projects');
  // The place is the same.
  await page.waitForFunction(() => scrollY > 1_000);
  await page.context().close();
});

test('an obstacle is explained with the figures of both sides, and leads to the field', async () => {
  const priced = projects.find(({ budget, languages }) => budget?.currency === 'KRW' && languages?.length === 0)
    ?? projects.find(({ budget }) => budget?.currency === 'KRW');
  const { page } = await freelancer({ width: 360 }, {
    ...PROFILE, languages: priced.languages?.length ? priced.languages : ['ko'], skills: priced.skills.slice(0, 1),
    hourly_rate: { amount: priced.budget.max + 1, currency: 'KRW' },
  });
  await go(page, `#/projects/${priced.id}`);
  await page.locator('.column-side a', { hasText: 'How to rank higher' }).click();
  await page.locator('.obstacle', { hasText: 'You charge more than the project pays' }).waitFor();
  assert.match(await page.textContent('.obstacle'), /You charge ₩[\d,]+ an hour; the client pays .*₩[\d,]+/);
  await screenshot(page, 'advice-obstacle-en-light-360');
  await expectAccessible(page, 'advice with an obstacle');
  await page.click('.obstacle .button');
  await page.waitForFunction(() => document.activeElement?.id === 'field-hourly_rate');
  await page.context().close();
});
