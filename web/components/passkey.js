/**
 * Passkeys in this browser: whether it has them, and its answers to the challenges of the API.
 *
 * Only views that are loaded on demand import this module, so that the first load does not carry it.
 */
import { post } from '../core/api.js';
import { language } from '../core/language.js';
import { Problem } from '../core/problem.js';
import { session } from '../core/session.js';
import en from '../words/en/passkeys.js';
import ko from '../words/ko/passkeys.js';

/** The words about passkeys, in the language of the page. */
export function passkeyWords() {
  return language.current === 'ko' ? ko : en;
}

/** Whether the browser makes passkeys and reads the options of the API. */
const canSign = 'PublicKeyCredential' in globalThis && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
/** A browser binds no passkey to an IP address. */
const hasName = !/^[\d.]+$|^\[/.test(location.hostname);

/** Whether this page can use passkeys. */
export const hasPasskeys = canSign && hasName;

/** The address under which this view, on this machine, has passkeys; `null` if another address would not help. */
export function namedAddress() {
  const helps = canSign && location.hostname === '127.0.0.1';
  return helps ? `http://localhost:${location.port}/${location.hash}` : null;
}

/**
 * Makes a passkey for the account that is signed in. The API may ask for a proof first.
 *
 * @param {AbortSignal} signal
 */
export async function createPasskey(signal) {
  const { body: options } = await post('/accounts/me/passkeys/challenges', undefined, { signal });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(/** @type {any} */ (options));
  return answer(() => navigator.credentials.create({ publicKey, signal }));
}

/** Signs in with a passkey that the person chooses. @param {AbortSignal} signal */
export function signInWithPasskey(signal) {
  return present(signal, (credential) =>
    session.open(() => post('/sessions/passkeys', { credential, cookie: true }, { signal })));
}

/** Proves by a passkey who the person is. @param {AbortSignal} signal */
export function proveWithPasskey(signal) {
  return present(signal, (credential) => session.proveBy((token) =>
    post('/sessions/current/proof', { credential, cookie: true }, { signal, token }), signal));
}

/**
 * Lets the person choose a passkey of this site and sign a challenge with it, and sends its answer.
 *
 * @template Result
 * @param {AbortSignal} signal
 * @param {(credential: Record<string, never>) => Promise<Result>} send
 */
async function present(signal, send) {
  const { body: options } = await post('/sessions/passkey-challenges', undefined, { signal });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(/** @type {any} */ (options));
  const credential = await answer(() => navigator.credentials.get({ publicKey, signal }));
  try {
    return await send(credential);
  } catch (error) {
    const isUnknown = error instanceof Problem && error.code === 'invalid_credentials';
    throw isUnknown ? said(passkeyWords().refused) : error;
  }
}

/**
 * @param {() => Promise<Credential | null>} ask
 * @returns {Promise<Record<string, never>>}
 */
async function answer(ask) {
  try {
    const credential = /** @type {PublicKeyCredential} */ (await ask());
    return /** @type {any} */ (credential.toJSON());
  } catch (error) {
    if (!(error instanceof DOMException) || error.name === 'AbortError') throw error;
    const { cancelled, exists, failed } = passkeyWords();
    const sentences = /** @type {Record<string, string>} */ ({ NotAllowedError: cancelled, InvalidStateError: exists });
    throw said(sentences[error.name] ?? failed);
  }
}

/** A failure of the device, already in the reader's words. @param {string} detail */
function said(detail) {
  return new Problem(0, { code: 'passkey', detail });
}
