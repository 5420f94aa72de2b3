/**
 * Keeps the page's own files for a bad line, and offers a new version when there is one.
 *
 * start.js imports this module once the page is at rest: nothing of it belongs to the first load. Without service
 * workers (an old browser, plain HTTP on another machine) the page works as before.
 */
import '../components/update-note.js';

const WORKER = '/web/sw.js';
/** A page that stays open asks for a new version this often, in ms, when it is looked at again. */
const AGAIN_MS = 30 * 60_000;

let checked_at = 0;

/**
 * The worker's address as the security policy wants it: the one address that the page may load a script from by name.
 * The policy `service-worker` is the only one that `trusted-types` allows, and it is made here once.
 */
function workerAddress() {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  return trustedTypes?.createPolicy('service-worker', { createScriptURL: () => WORKER }).createScriptURL('') ?? WORKER;
}

/** Asks whether the files have changed. */
async function check() {
  checked_at = Date.now();
  const { active } = await navigator.serviceWorker.ready;
  const addresses = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
    .filter(({ origin }) => origin === location.origin).map(({ pathname }) => pathname);
  active?.postMessage({ type: 'check', addresses: [...new Set(addresses)] });
}

function offer() {
  if (!document.querySelector('pw-update-note')) document.body.append(document.createElement('pw-update-note'));
}

/** Registers the worker. */
export async function keepFiles() {
  if (!('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', (event) => {
    if (event.data?.type === 'new-version') offer();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && Date.now() - checked_at > AGAIN_MS) check();
  });
  try {
    await navigator.serviceWorker.register(workerAddress(), { scope: '/' });
    await check();
  } catch (error) {
    console.warn('the page is not kept for a bad line', error);
  }
}
