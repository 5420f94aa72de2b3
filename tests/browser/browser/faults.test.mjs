/** The view of injected faults, over a market of its own that injects some. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { expectAccessible, expectNoComplaints, launch, newcomer, open, quit, screenshot } from '../harness.mjs';

/** Faults that strike each time and break nothing. */
const PROFILE = `
[store]
delayed = 1.0
longest_delay_ms = 1

[streams]
deliveries = 2
`;

let folder;
let market;
let address;

before(async () => {
  const binary = process.env.PAIRWORK_BINARY;
  assert.ok(binary, 'PAIRWORK_BINARY is the program that this test starts; .ci/with-demo-market sets it');
  folder = await mkdtemp(path.join(os.tmpdir(), 'pairwork-faults-'));
  const profile = path.join(folder, 'always.toml');
  await writeFile(profile, PROFILE);
  const options = ['up', '--port', '0', '--faults', profile, '--seed', '7'];
  market = spawn(binary, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: market.stdout })) {
    if (line.startsWith('ready ')) {
      address = line.slice('ready '.length).trim();
      break;
    }
  }
  assert.ok(address, 'the market starts');
  market.stdout.resume();
  await launch();
});

after(async () => {
  await quit();
  if (market?.exitCode === null) {
    const ended = new Promise((resolve) => market.once('exit', resolve));
    market.kill('SIGINT');
    await ended;
  }
  if (folder) await rm(folder, { recursive: true });
});

test('a market without a profile says how to get one', async () => {
  const page = await open('_local#/faults');
  await page.locator('.window-empty', { hasText: '--faults everything' }).waitFor();
  await expectAccessible(page, 'the view of faults without a profile');
  expectNoComplaints(page);
  await page.context().close();
});

test('the view shows the rules, where they struck, and leads to the request that was struck', async () => {
  const page = await open('_local#/faults');
  await page.goto(`${address}/_local#/faults`);
  await page.locator('tbody tr', { hasText: 'store.delayed' }).waitFor();
  assert.match(await page.locator('.lead').innerText(), /Profile .*always\.toml, seed 7\./);
  const response = await fetch(`${address}/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(newcomer()),
  });
  assert.equal(response.status, 201);

  const rules = page.getByRole('region', { name: 'Rules' }).locator('tbody tr');
  assert.equal(await rules.count(), 2);
  assert.match(await rules.first().innerText(), /The call waits before it runs\.\s+100 % of calls, up to 1 ms each/);
  const places = page.getByRole('region', { name: 'Struck since the start' });
  const struck = places.locator('tbody tr', { hasText: /AccountsFunction \w+.*delayed/s }).first();
  await struck.waitFor();
  assert.ok(Number(await struck.locator('.number').innerText()) > 0);

  // A batch that is delivered again has a trace, as every strike on a request has.
  const latest = page.getByRole('region', { name: 'Latest strikes' }).locator('tbody tr');
  const strike = latest.filter({ hasText: 'AccountsFunction' }).first();
  await strike.waitFor();
  assert.ok(await latest.count() <= 20);
  await screenshot(page, 'window-faults');
  await expectAccessible(page, 'the view of faults');
  await strike.locator('a').click();
  await page.locator('.request-detail', { hasText: 'POST /accounts' }).waitFor();
  expectNoComplaints(page);
  await page.context().close();
});
