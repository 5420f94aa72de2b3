/** How much the first load weighs and how soon the page can be used. */
import assert from 'node:assert/strict';
import os from 'node:os';
import { after, before, test } from 'node:test';
import { baseUrl, launch, open, quit, report } from '../harness.mjs';

const MOST_BYTES = 100_000;
const LATEST_MS = 1_000;
const SLOWDOWN = 4;
const RUNS = 5;

before(launch);
after(quit);

test('the first load weighs at most 100 kB compressed', async () => {
  const page = await open('#/register');
  await page.goto('about:blank');
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  const addresses = new Map();
  const weights = { page: 0, data: 0, files: 0 };
  client.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, new URL(response.url)));
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const { pathname } = addresses.get(requestId) ?? {};
    if (pathname === '/' || pathname?.startsWith('/web/')) {
      weights.page += encodedDataLength;
      weights.files += 1;
    } else {
      weights.data += encodedDataLength;
    }
  });
  await page.goto(`${baseUrl}/#/`);
  await page.locator('.feed > li').first().waitFor();
  await page.waitForLoadState('networkidle');
  await report('weight', { page_bytes: weights.page, page_files: weights.files, data_bytes: weights.data });
  assert.ok(weights.page + weights.data <= MOST_BYTES, `${weights.page + weights.data} bytes`);
  await page.context().close();
});

test(`the page can be used within a second on a processor slowed down ${SLOWDOWN}×`, async () => {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await oneLoad());
  // Other work on the machine can only add, so the best run says most about the page.
  const best = (name) => Math.round(Math.min(...runs.map((run) => run[name])));
  // Where others keep every core busy, the clock measures them. The processor time of the main thread still counts.
  const isBusy = os.loadavg()[0] > os.availableParallelism();
  const figures = {
    slowdown: SLOWDOWN,
    runs: RUNS,
    interactive_ms: best('interactive_ms'),
    content_ms: best('content_ms'),
    blocking_ms: best('blocking_ms'),
    processor_ms: best('processor_ms'),
    judged_by: isBusy ? 'processor_ms, since the machine is busy' : 'interactive_ms',
  };
  await report('interactive', figures);
  const judged = isBusy ? figures.processor_ms : figures.interactive_ms;
  assert.ok(judged <= LATEST_MS, `${judged} ms`);
});

/** Loads the home page anew, without a cache, on a slow processor. */
async function oneLoad() {
  const page = await open('#/register');
  await page.goto('about:blank');
  const client = await page.context().newCDPSession(page);
  await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.addInitScript(observe);
  const before_ms = await processorTime(client);
  await page.goto(`${baseUrl}/#/`);
  await page.locator('.feed > li').first().waitFor();
  await page.waitForTimeout(1_000);
  const processor_ms = (await processorTime(client)) - before_ms;
  const { usable_ms, content_ms, longTasks } = await page.evaluate(() => globalThis.seen);
  await page.context().close();
  // The header, the filters and their listeners are there, and the task that drew them has ended.
  const ends = longTasks.filter(([start]) => start < usable_ms).map(([start, duration]) => start + duration);
  return {
    interactive_ms: Math.max(usable_ms, ...ends),
    content_ms,
    blocking_ms: longTasks.reduce((sum, [, duration]) => sum + duration - 50, 0),
    processor_ms,
  };
}

/** Runs in the page before its scripts: notes when the heading and the first card are there, and every long task. */
function observe() {
  globalThis.seen = { usable_ms: null, content_ms: null, longTasks: [] };
  new MutationObserver(() => {
    if (document.querySelector('h1')) globalThis.seen.usable_ms ??= performance.now();
    if (document.querySelector('.feed > li')) globalThis.seen.content_ms ??= performance.now();
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) globalThis.seen.longTasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
}

/** How long the main thread has worked so far, in ms, slowed down as it is. */
async function processorTime(client) {
  const { metrics } = await client.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
}
