/**
 * What every test in a real browser uses: Chromium, a page in a chosen language, scheme and width, axe, screenshots,
 * and accounts of the market under test.
 *
 * PAIRWORK_URL      where the market serves its page and its API; required
 * CHROMIUM          the browser; /usr/bin/chromium if unset
 * PAIRWORK_OUTPUT   the folder of screenshots and figures; ./output if unset
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const base = process.env.PAIRWORK_URL?.replace(/\/$/, '');
if (!base) throw new Error('set PAIRWORK_URL to the address of a market, for example http://127.0.0.1:8080');
export const baseUrl = base;

const output = process.env.PAIRWORK_OUTPUT ?? path.join(import.meta.dirname, 'output');
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every look that a page must have. */
export const LANGUAGES = ['en', 'ko'];
export const SCHEMES = ['light', 'dark'];
export const WIDTHS = [360, 1280];
const HEIGHTS = { 360: 780, 1280: 900 };

/** The password of every account that a test opens, and of every account of the demo market. */
export const PASSWORD = 'correct horse 7';
export const DEMO = { email: 'demo@pairwork.example', password: 'pairwork-demo' };

/** How long a test waits for what it expects, in ms. Nothing takes this long but on a machine that is very busy. */
const PATIENCE_MS = 90_000;

let browser;

export async function launch() {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Chromium has no sandbox for root, and CI runs as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return browser;
}

export async function quit() {
  await browser?.close();
}

/**
 * Opens a page in a context of its own. `page.complaints` collects errors of scripts, console errors, and violations
 * of the security policy; `expectNoComplaints` asserts that there are none.
 */
export async function open(hash = '#/', { language = 'en', scheme = 'light', width = 1280, context = {} } = {}) {
  const made = await browser.newContext({
    locale: language === 'ko' ? 'ko-KR' : 'en-GB',
    colorScheme: scheme,
    viewport: { width, height: HEIGHTS[width] },
    reducedMotion: 'reduce',
    // A cache between the page and its market would hide what other tests look at; offline.test.mjs allows it.
    serviceWorkers: 'block',
    ...context,
  });
  made.setDefaultTimeout(PATIENCE_MS);
  const page = await made.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`script: ${error.stack || `${error.name}: ${error.message}`}`));
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(`console: ${message.text()} (${message.location().url})`);
  });
  await page.goto(`${baseUrl}/${hash}`);
  return page;
}

/** Goes to a view of the page that is open, as a link would. */
export async function go(page, hash) {
  await page.evaluate((wanted) => { location.hash = wanted; }, hash);
}

/** Drops the line for two seconds out of every five, until the function that it returns is called. */
export function dropEveryFiveSeconds(context) {
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      await context.setOffline(true);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await context.setOffline(false);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    }
  })();
  return () => {
    stopped = true;
    return done;
  };
}

/** Waits until a view has drawn its heading and nothing is loading any more. */
export async function settled(page) {
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('.skeletons, .is-loading') === null);
}

/** Chromium logs each reply of 4xx and 5xx as an error; a test that provokes one names its path. */
export function expectNoComplaints(page, { except = [] } = {}) {
  const unexpected = page.complaints.filter((complaint) => !except.some((part) => complaint.includes(part)));
  assert.deepEqual(unexpected, []);
}

/** Runs axe with its rules for WCAG 2.2 AA and good practice, and asserts that it finds nothing. */
export async function expectAccessible(page, label) {
  const hasAxe = await page.evaluate(() => 'axe' in globalThis);
  // Over the debugger, since the policy of the page rightly refuses a script from elsewhere.
  if (!hasAxe) await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const results = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => (
      { id, html, failureSummary })));
  });
  assert.deepEqual(violations, [], `axe finds nothing on ${label}`);
}

export async function screenshot(page, name) {
  const file = path.join(output, 'screenshots', `${name}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
}

/** Writes figures for people and for later comparison. */
export async function report(name, figures) {
  await mkdir(output, { recursive: true });
  await writeFile(path.join(output, `${name}.json`), `${JSON.stringify(figures, null, 2)}\n`);
  console.log(name, figures);
}

/** Calls the API of the market under test. */
export async function api(method, address, { body, token, headers = {} } = {}) {
  const response = await fetch(baseUrl + address, {
    method,
    headers: {
      ...headers,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  assert.ok(response.ok, `${method} ${address}: ${response.status} ${text}`);
  return json;
}

let accounts = 0;

/** Values of a registration that nobody has used. */
export function newcomer(display_name = 'Mina Kim') {
  accounts += 1;
  return { display_name, email: `browser-${Date.now()}-${accounts}@pairwork.example`, password: PASSWORD };
}

/** Opens an account over the API. */
export async function register(person = newcomer()) {
  const account = await api('POST', '/accounts', { body: person });
  const { email, password } = person;
  const { access_token: token } = await api('POST', '/sessions', { body: { email, password } });
  return { ...person, ...account, token };
}

/**
 * Ends every session of a person, as from another device, and loads the page anew: the access token in its memory may
 * read for half a minute more.
 */
export async function endSessions(page, { email, password }) {
  const { access_token: token } = await api('POST', '/sessions', { body: { email, password } });
  const { items } = await api('GET', '/sessions', { token });
  for (const { id, is_current } of items) if (!is_current) await api('DELETE', `/sessions/${id}`, { token });
  await api('DELETE', '/sessions/current', { token });
  await page.reload();
  await settled(page);
}

/** Everything that scripts of the page can find in this browser, as one text. */
export async function keptBy(page) {
  return page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, document.cookie]);
  });
}

/** The letters to an address, newest first, once there are as many as expected. */
export async function lettersTo(address, count = 1) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const letters = await api('GET', `/_mail?to=${encodeURIComponent(address)}`);
    if (letters.length >= count) return letters;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return assert.fail(`${address} gets ${count} letters within ten seconds`);
}

/** The fragment of the first link of a letter: `#/reset/…`. */
export function hashIn(letter) {
  const link = letter.links.map((address) => new URL(address)).find(({ hash }) => hash.startsWith('#/'));
  assert.ok(link, `there is a link to the page in: ${letter.text}`);
  return link.hash;
}

/**
 * The code that an authenticator app shows (RFC 6238: HMAC-SHA-1, six digits, thirty seconds).
 *
 * @param {string} secret Base32.
 * @param {number} [steps] Steps from now. The API takes codes of one step before and after, each step once.
 */
export function totp(secret, steps = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Makes the market think that the last proof is old, by answering the next call of a path in its place. */
export async function wantProof(page, path) {
  await page.route(path, (route) => route.fulfill({
    status: 401,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 401, code: 'reauthentication_required', title: 'Prove who you are once more' }),
  }), { times: 1 });
}

/** Signs in through the page. */
export async function signIn(page, { email, password }) {
  await go(page, '#/sign-in');
  await page.fill('#field-email', email);
  await page.fill('#field-password', password);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => !location.hash.startsWith('#/sign-in'));
}
