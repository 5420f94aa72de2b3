/** The endless lists: more at the end, filters in the address, Back to the same place. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectNoComplaints, go, launch, open, quit, settled } from '../harness.mjs';

before(launch);
after(quit);

const cards = (page) => page.locator('.feed > li').count();
const scrolled = (page) => page.evaluate(() => Math.round(scrollY));

test('a list goes on as its end comes near', async () => {
  const page = await open('#/', { width: 360 });
  await settled(page);
  assert.equal(await cards(page), 12);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => document.querySelectorAll('.feed > li').length >= 36);
  const ids = await page.evaluate(() => [...document.querySelectorAll('.feed a')].map((link) => link.hash));
  assert.equal(new Set(ids).size, ids.length, 'nothing is listed twice');
  expectNoComplaints(page);
  await page.context().close();
});

test('a list ends', async () => {
  const page = await open('#/?skill=Rust');
  await settled(page);
  // Each page makes the list longer, so the end is reached again and again.
  await page.waitForFunction(() => {
    scrollTo(0, document.body.scrollHeight);
    return document.querySelector('.feed-end, .skeletons') === null;
  });
  assert.ok((await cards(page)) > 0);
  await page.context().close();
});

for (const way of ['in the same document', 'after a reload']) {
  test(`Back returns to the place ${way}`, async () => {
    const page = await open('#/', { width: 360 });
    await settled(page);
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(() => document.querySelectorAll('.feed > li').length >= 36);
    await settled(page);
    const before = await cards(page);
    const card = page.locator('.feed > li').nth(24).locator('a');
    await card.scrollIntoViewIfNeeded();
    const place = await scrolled(page);
    await card.click();
    await page.locator('.columns').waitFor();
    assert.equal(await scrolled(page), 0);
    if (way === 'after a reload') {
      await page.reload();
      await page.locator('.columns').waitFor();
    }
    await page.goBack();
    await page.locator('.feed').waitFor();
    assert.ok((await cards(page)) >= before, 'the items are there');
    await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) <= 2, place);
    expectNoComplaints(page);
    await page.context().close();
  });
}

test('a reload reads the list again', async () => {
  const page = await open('#/');
  await settled(page);
  const asked = page.waitForRequest((request) => request.url().endsWith('/projects?limit=12'));
  await page.reload();
  await asked;
  await page.context().close();
});

test('filters narrow the list, live in the address, and are undone by Back', async () => {
  const page = await open('#/');
  await settled(page);
  await page.fill('#filter-skill', 'Figma');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash === '#/?skill=Figma');
  await settled(page);
  await page.locator('.filter-form a').waitFor();
  assert.ok((await cards(page)) < 12);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'filter-skill', 'the focus stays in the field');
  await page.locator('.filter', { hasText: 'Design' }).click();
  await page.waitForFunction(() => location.hash === '#/?category=Design&skill=Figma');
  await settled(page);
  assert.equal(await page.locator('.filter[aria-current]').textContent(), 'Design');
  await page.goBack();
  await page.goBack();
  await page.waitForFunction(() => location.hash === '#/');
  await settled(page);
  assert.ok((await cards(page)) >= 12);
  assert.equal(await page.inputValue('#filter-skill'), '');
  await page.context().close();
});

test('a skill on a page leads to its list', async () => {
  const page = await open('#/');
  await settled(page);
  // The whole card is the link; the title of a stranger may be wider than the card.
  await page.locator('.feed > li').first().click({ position: { x: 30, y: 30 } });
  await page.locator('.chip-link').first().click();
  await page.waitForFunction(() => location.hash.startsWith('#/?skill='));
  await settled(page);
  assert.ok((await cards(page)) >= 1);
  await page.context().close();
});

test('the skip link leads to the content and leaves the address alone', async () => {
  const page = await open('#/freelancers');
  await settled(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  assert.equal(await page.evaluate(() => location.hash), '#/freelancers');
  await go(page, '#/');
  await page.context().close();
});
