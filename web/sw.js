/**
 * The service worker: the page's own files from a cache, so that it opens at once on a bad line, and without one.
 *
 * It touches nothing but `/` and `/web/…`: answers of the API are never kept. All files of a cache are of one version.
 * A check reads every file anew into a second cache; where one has changed, the page offers to reload, and the next
 * document that opens takes the whole new version.
 *
 * Registered by core/updates.js for the scope `/`: the server sends `Service-Worker-Allowed: /` with this file.
 */

const PREFIX = 'pairwork-page-';
/** An entry that says: this cache is whole. */
const WHOLE = '/web/.whole';
const DOCUMENT = '/';

/** `tsc` knows the types of windows here, not those of workers. */
const worker = /** @type {any} */ (self);

worker.addEventListener('install', (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(firstLoad());
});

worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  if (isOfThePage(event.request)) event.respondWith(answer(event.request));
});

worker.addEventListener('message', (/** @type {any} */ event) => {
  if (event.data?.type === 'check') event.waitUntil(check(event.data.addresses));
});

/** @param {Request} request */
function isOfThePage({ method, url, headers }) {
  const { origin, pathname } = new URL(url);
  return method === 'GET' && origin === location.origin && !headers.has('range')
    && (pathname === DOCUMENT || pathname.startsWith('/web/'));
}

/** @param {Request} request */
async function answer(request) {
  if (request.mode === 'navigate') await takeNewVersion();
  const cache = await caches.open(await current());
  const kept = await cache.match(keyOf(request.url));
  if (kept) return kept;
  const reply = await fetch(request);
  if (reply.ok && !reply.redirected) await cache.put(keyOf(request.url), reply.clone());
  return reply;
}

/** The document is one, whatever stands behind its path. @param {string} url */
function keyOf(url) {
  return new URL(url).pathname;
}

/** The document and what it names, for a start without a line. */
async function firstLoad() {
  const cache = await caches.open(await current());
  if (await cache.match(WHOLE)) return;
  const reply = await fetch(DOCUMENT, { cache: 'no-cache' });
  const text = await reply.clone().text();
  await cache.put(DOCUMENT, reply);
  await cache.addAll([...text.matchAll(/(?:href|src)="(\/web\/[^"]+)"/g)].map(([, address]) => address));
  await cache.put(WHOLE, new Response());
}

/** The name of the cache that is in use: the oldest one. A newer one is the next version. */
async function current() {
  return (await versions())[0] ?? `${PREFIX}0`;
}

async function versions() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  return names.sort((one, other) => Number(one.slice(PREFIX.length)) - Number(other.slice(PREFIX.length)));
}

/** The next version, if it is whole, takes the place of the one in use. */
async function takeNewVersion() {
  const [old, next] = await versions();
  if (next && await (await caches.open(next)).match(WHOLE)) await caches.delete(old);
}

/** @type {Promise<void> | null} */
let checking = null;

/**
 * Reads every file anew, and tells the pages if one has changed.
 *
 * @param {string[]} addresses What a page has loaded, perhaps before this worker came to life.
 */
function check(addresses) {
  checking ??= readAnew(addresses).finally(() => {
    checking = null;
  });
  return checking;
}

/** @param {string[]} addresses */
async function readAnew(addresses) {
  const old = await caches.open(await current());
  const kept = (await old.keys()).map(({ url }) => keyOf(url));
  const wanted = new Set([...kept, ...addresses.filter((address) => address.startsWith('/web/'))]);
  wanted.delete(WHOLE);
  for (const name of (await versions()).slice(1)) await caches.delete(name);
  const name = `${PREFIX}${Date.now()}`;
  try {
    const next = await caches.open(name);
    const changes = await Promise.all([...wanted].map((address) => copy(address, old, next)));
    await next.put(WHOLE, new Response());
    if (changes.some(Boolean)) return tell();
  } catch {
    // The line is lost, or the market is: the version in use stays.
  }
  await caches.delete(name);
}

/**
 * Reads one file into the next version.
 *
 * @param {string} address
 * @param {Cache} old
 * @param {Cache} next
 * @returns {Promise<boolean>} Whether it has changed.
 */
async function copy(address, old, next) {
  const reply = await fetch(address, { cache: 'no-cache' });
  const kept = await old.match(address);
  // A file that is gone belongs to the old version alone.
  if (reply.status === 404) return kept !== undefined;
  if (!reply.ok) throw new TypeError(`${address}: ${reply.status}`);
  const fresh = await reply.clone().arrayBuffer();
  await next.put(address, reply);
  if (kept && isSame(await kept.arrayBuffer(), fresh)) return false;
  // A file that nobody kept so far is no change.
  if (!kept) await old.put(address, new Response(fresh, { headers: reply.headers }));
  return kept !== undefined;
}

/** @param {ArrayBuffer} one @param {ArrayBuffer} other */
function isSame(one, other) {
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}

async function tell() {
  for (const client of await worker.clients.matchAll()) client.postMessage({ type: 'new-version' });
}
