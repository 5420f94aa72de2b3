/** The clock in the window: the present time of the market, and the buttons that advance it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectAccessible, expectNoComplaints, launch, open, quit, screenshot } from '../harness.mjs';

before(launch);
after(quit);

test('the window shows the time of the market, which only a market with a clock lets it advance', async () => {
  const page = await open('_local#/streams');
  const shown = await page.locator('.window-clock time').getAttribute('datetime');
  assert.ok(Number.isFinite(Date.parse(shown)), shown);
  assert.equal(await page.locator('.window-clock button').count(), 0, 'this market follows the clock of its machine');
  expectNoComplaints(page);
});

test('the buttons advance the clock', async () => {
  const page = await open('docs');
  // A market that was started with `--clock`.
  const asked = [];
  let now = '2026-12-01T09:00:00Z';
  await page.route('**/_clock', async (route) => {
    if (route.request().method() === 'POST') {
      asked.push(route.request().postDataJSON());
      now = '2026-12-15T09:00:00Z';
    }
    await route.fulfill({ json: { now, offset_seconds: 0, may_advance: true } });
  });
  await page.goto(new URL('/_local#/streams', page.url()).href);
  await page.locator('.window-clock time', { hasText: '1 Dec 2026' }).waitFor();
  await page.getByRole('button', { name: 'Advance the clock by 14 days' }).click();
  await page.locator('.window-clock time', { hasText: '15 Dec 2026' }).waitFor();
  assert.deepEqual(asked, [{ advance: 'P14D' }]);
  assert.equal(await page.locator('.window-clock button').count(), 3);
  await screenshot(page, 'window-clock');
  await expectAccessible(page, 'the clock');
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const { scrollWidth, clientWidth } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth,
    }));
    assert.ok(scrollWidth <= clientWidth, `${scrollWidth} at ${width}`);
  }
});
