/** The service worker: the page opens without a line, keeps no answers of the API, and offers a new version. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  expectAccessible, expectNoComplaints, launch, open, quit, register, screenshot, settled, signIn,
} from '../harness.mjs';

before(launch);
after(quit);

const WITH_WORKER = { context: { serviceWorkers: 'allow' } };

/** Waits until the worker answers for the page and has kept what the page has loaded. */
async function kept(page) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await page.evaluate(isKept)) return;
    await page.waitForTimeout(100);
  }
  assert.fail('the files of the page are kept within ten seconds');
}

async function isKept() {
  const names = await caches.keys();
  if (names.length !== 1 || navigator.serviceWorker.controller === null) return false;
  const addresses = (await (await caches.open(names[0])).keys()).map(({ url }) => new URL(url).pathname);
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
  return ['/', '/web/.whole', ...loaded.filter((address) => address.startsWith('/web/'))]
    .every((wanted) => addresses.includes(wanted));
}

test('the page opens without a line, and says that the line is lost', async () => {
  const page = await open('#/', WITH_WORKER);
  await settled(page);
  await kept(page);
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('h1', { hasText: 'Open projects' }).waitFor();
  await page.locator('.banner-lost').waitFor();
  await page.context().setOffline(false);
  await page.locator('.feed > li').first().waitFor();
  await page.context().close();
});

test('nothing but files of the page is kept', async () => {
  const person = await register();
  const page = await open('#/', WITH_WORKER);
  await settled(page);
  await signIn(page, person);
  await page.locator('h1').waitFor();
  await kept(page);
  const addresses = await page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
    }
    return found;
  });
  assert.ok(addresses.length > 30);
  assert.deepEqual(addresses.filter((address) => address !== '/' && !address.startsWith('/web/')), []);
  expectNoComplaints(page, { except: ['/freelancers/me'] });
  await page.context().close();
});

test('a new version is offered, and a reload takes all of it', async () => {
  const page = await open('#/', WITH_WORKER);
  await settled(page);
  await kept(page);
  // The kept copy of one file becomes an older one than the market serves.
  await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]);
    await cache.put('/web/style/tokens.css', new Response('/* older */', { headers: { 'content-type': 'text/css' } }));
    navigator.serviceWorker.controller.postMessage({ type: 'check', addresses: [] });
  });
  await page.locator('.update-note', { hasText: 'There is a new version' }).waitFor();
  await screenshot(page, 'new-version-en-light-1280');
  await expectAccessible(page, 'the note of a new version');
  assert.equal(await page.evaluate(async () => (await caches.keys()).length), 2, 'both versions are there');
  await page.locator('.update-note .button-strong').click();
  await page.locator('.update-note').waitFor({ state: 'detached' });
  await settled(page);
  const style = await page.evaluate(async () => {
    const cache = await caches.open((await caches.keys())[0]);
    return (await cache.match('/web/style/tokens.css')).text();
  });
  assert.match(style, /--accent/);
  expectNoComplaints(page);
  await page.context().close();
});

test('a check while the line is lost changes nothing', async () => {
  const page = await open('#/', WITH_WORKER);
  await settled(page);
  await kept(page);
  await page.context().setOffline(true);
  await page.evaluate(() => navigator.serviceWorker.controller.postMessage({ type: 'check', addresses: [] }));
  await page.waitForTimeout(1_000);
  assert.equal(await page.evaluate(async () => (await caches.keys()).length), 1);
  await page.reload();
  await page.locator('h1', { hasText: 'Open projects' }).waitFor();
  await page.context().close();
});
