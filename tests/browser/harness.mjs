/**
 * What every test in a real browser uses: Chromium, a page in a chosen language, scheme and width, axe, screenshots,
 * and accounts of the market under test.
 *
 * PAIRWORK_URL      where the market serves its page and its API; required
 * CHROMIUM          the browser; /usr/bin/chromium if unset
 * PAIRWORK_OUTPUT   the folder of screenshots and figures; ./output if unset
 */
import assert from 'node:assert/strict';
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
  const page = await made.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(`script: ${error.stack}`));
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

/** Signs in through the page. */
export async function signIn(page, { email, password }) {
  await go(page, '#/sign-in');
  await page.fill('#field-email', email);
  await page.fill('#field-password', password);
  await page.click('.form button[type=submit]');
  await page.waitForFunction(() => !location.hash.startsWith('#/sign-in'));
}
