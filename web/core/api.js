/**
 * Calls to the API.
 *
 * Every call here may be repeated without a second effect: a GET reads, a POST keeps one `Idempotency-Key` over its
 * retries, a PUT or PATCH says the whole change again. So a call outlives a bad line: where no answer comes, it waits
 * until the line is back and asks again. Where the session needs a new token, a new sign-in or a proof, it waits for
 * that and asks again. It ends with a reply, with a `Problem`, or when its signal aborts.
 *
 * Paths and bodies are checked by `tsc` against infra/openapi.json.
 */
import { connection } from './connection.js';
import { language } from './language.js';
import { Problem } from './problem.js';
import { randomKey } from './random.js';
import { backoff, pause } from './time.js';

/** How long one attempt may take, in ms. */
const ATTEMPT_TIMEOUT_MS = 20_000;
/** How many times a busy or broken market is asked before the reader hears of it. */
const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 8_000;
/** A longer pause than this, in seconds, is for the reader to decide about. */
const LONGEST_WAIT_S = 10;
/** So many tokens of one call may be refused. */
const TOKENS = 2;
const WORTH_A_RETRY = new Set([429, 500, 502, 503, 504]);

/** The calls that need no session, so they do not wait for one. A test compares them with infra/openapi.json. */
export const OPEN_CALLS = new Set([
  'GET /.well-known/jwks.json',
  'GET /freelancers',
  'GET /freelancers/{id}',
  'GET /health',
  'GET /projects',
  'GET /projects/{id}',
  'GET /sign-in-providers',
  'GET /sign-in-providers/{id}/callback',
  'POST /accounts',
  'POST /matches/bids',
  'POST /matches/score',
  'POST /password-resets',
  'POST /sessions',
  'POST /sessions/passkey-challenges',
  'POST /sessions/passkeys',
  'POST /sessions/providers/{id}',
  'POST /sessions/refresh',
  'POST /sign-in-providers/{id}/authorizations',
  'PUT /email-confirmations/{token}',
  'PUT /password-resets/{token}',
]);

/**
 * Who signs calls. `session.js` registers itself; so neither module needs the other's insides.
 *
 * @typedef {object} Authority
 * @property {(signal: AbortSignal) => Promise<string | null>} token An access token; null if nobody is signed in.
 *   Rejects if the session is over and the person does not sign in again.
 * @property {(token: string) => void} refused The API does not take a token.
 * @property {(signal: AbortSignal) => Promise<void>} prove Asks for a proof of identity. Rejects if none is given.
 */
/** @type {Authority} */
let authority = { token: async () => null, refused() {}, prove: () => Promise.reject(new Error('nobody is asked')) };

/** @param {Authority} chosen */
export function setAuthority(chosen) {
  authority = chosen;
}

/**
 * Reads.
 *
 * @template {import('../api/call.js').PathsOf<'get'>} P
 * @param {P} path As in the OpenAPI document: `/projects/{id}`.
 * @param {import('../api/call.js').CallOptions<P, 'get'>} options
 * @returns {Promise<import('../api/call.js').Reply<import('../api/call.js').ReplyBody<P, 'get'>>>}
 */
export function get(path, options) {
  return call('GET', path, undefined, /** @type {LooseOptions} */ (options));
}

/**
 * Creates or computes.
 *
 * @template {import('../api/call.js').PathsOf<'post'>} P
 * @param {P} path
 * @param {import('../api/call.js').RequestBody<P, 'post'>} body
 * @param {import('../api/call.js').CallOptions<P, 'post'>} options
 * @returns {Promise<import('../api/call.js').Reply<import('../api/call.js').ReplyBody<P, 'post'>>>}
 */
export function post(path, body, options) {
  return call('POST', path, body, /** @type {LooseOptions} */ (options));
}

/**
 * Replaces.
 *
 * @template {import('../api/call.js').PathsOf<'put'>} P
 * @param {P} path
 * @param {import('../api/call.js').RequestBody<P, 'put'>} body
 * @param {import('../api/call.js').CallOptions<P, 'put'>} options
 * @returns {Promise<import('../api/call.js').Reply<import('../api/call.js').ReplyBody<P, 'put'>>>}
 */
export function put(path, body, options) {
  return call('PUT', path, body, /** @type {LooseOptions} */ (options));
}

/**
 * Changes some fields.
 *
 * @template {import('../api/call.js').PathsOf<'patch'>} P
 * @param {P} path
 * @param {import('../api/call.js').RequestBody<P, 'patch'>} body
 * @param {import('../api/call.js').CallOptions<P, 'patch'>} options
 * @returns {Promise<import('../api/call.js').Reply<import('../api/call.js').ReplyBody<P, 'patch'>>>}
 */
export function patch(path, body, options) {
  return call('PATCH', path, body, /** @type {LooseOptions} */ (options));
}

/**
 * Removes.
 *
 * @template {import('../api/call.js').PathsOf<'delete'>} P
 * @param {P} path
 * @param {import('../api/call.js').RequestBody<P, 'delete'>} body
 * @param {import('../api/call.js').CallOptions<P, 'delete'>} options
 * @returns {Promise<import('../api/call.js').Reply<import('../api/call.js').ReplyBody<P, 'delete'>>>}
 */
export function remove(path, body, options) {
  return call('DELETE', path, body, /** @type {LooseOptions} */ (options));
}

/**
 * @typedef {object} LooseOptions `CallOptions` of any path.
 * @property {Record<string, unknown>} [path]
 * @property {Record<string, unknown>} [query]
 * @property {AbortSignal} [signal]
 * @property {string | null} [ifMatch]
 * @property {string | null} [ifNoneMatch]
 * @property {string} [idempotencyKey]
 * @property {string} [token]
 * @property {boolean} [keepalive]
 */

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {LooseOptions} options
 * @returns {Promise<any>}
 */
async function call(method, path, body, options) {
  const address = addressOf(path, options);
  const signal = options.signal ?? new AbortController().signal;
  const key = method === 'POST' ? (options.idempotencyKey ?? randomKey()) : null;
  const isSigned = !OPEN_CALLS.has(`${method} ${path}`);
  let refusedTokens = 0;
  for (let attempt = 0; ; attempt += 1) {
    const token = options.token ?? (isSigned ? await authority.token(signal) : null);
    const outcome = await ask(address, requestOf(method, body, options, key, token), signal);
    if (outcome === 'lost') {
      connection.reportLost();
      await connection.back(signal);
      attempt -= 1;
    } else if (!(outcome instanceof Problem)) {
      return outcome;
    } else if (outcome.code === 'unauthorized' && token && !options.token && refusedTokens < TOKENS) {
      refusedTokens += 1;
      authority.refused(token);
    } else if (outcome.code === 'reauthentication_required') {
      await authority.prove(signal);
    } else if (isWorthARetry(outcome) && attempt + 1 < ATTEMPTS) {
      await pause((outcome.retryAfter_s ?? 0) * 1000 || backoff(attempt, LONGEST_PAUSE_MS), signal);
    } else {
      throw outcome;
    }
  }
}

/** @param {Problem} problem */
function isWorthARetry(problem) {
  const isPassing = WORTH_A_RETRY.has(problem.status) || problem.code === 'request_in_progress';
  return isPassing && (problem.retryAfter_s ?? 0) <= LONGEST_WAIT_S;
}

/**
 * One attempt.
 *
 * @param {string} address
 * @param {RequestInit} request
 * @param {AbortSignal} signal
 * @returns {Promise<'lost' | Problem | { status: number, body: unknown, etag: string | null }>}
 */
async function ask(address, request, signal) {
  signal.throwIfAborted();
  try {
    const timeout = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
    const response = await fetch(address, { ...request, signal: AbortSignal.any([signal, timeout]) });
    const text = await response.text();
    const body = text === '' ? null : JSON.parse(text);
    if (response.ok) return { status: response.status, body, etag: response.headers.get('etag') };
    return new Problem(response.status, body ?? {}, Number(response.headers.get('retry-after')) || null);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SyntaxError) return new Problem(502, { code: 'internal' });
    // The line is there, and the answer does not come.
    if (error instanceof DOMException && error.name === 'TimeoutError') return new Problem(504, { code: 'busy' });
    return 'lost';
  }
}

/**
 * @param {string} method
 * @param {unknown} body
 * @param {LooseOptions} options
 * @param {string | null} key
 * @param {string | null} token
 * @returns {RequestInit}
 */
function requestOf(method, body, options, key, token) {
  /** @type {Record<string, string>} */
  const headers = { accept: 'application/json', 'accept-language': language.current };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key) headers['idempotency-key'] = key;
  if (token) headers.authorization = `Bearer ${token}`;
  if (options.ifMatch) headers['if-match'] = options.ifMatch;
  if (options.ifNoneMatch) headers['if-none-match'] = options.ifNoneMatch;
  const text = body === undefined ? undefined : JSON.stringify(body, wellFormed);
  return { method, headers, body: text, cache: 'no-store', keepalive: options.keepalive ?? false };
}

/**
 * A text may have been cut in the middle of a character; the API reads no such JSON.
 *
 * @param {string} _name
 * @param {unknown} value
 */
function wellFormed(_name, value) {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** @param {string} path @param {LooseOptions} options */
function addressOf(path, { path: parameters = {}, query = {} }) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(parameters[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== '' && value !== null && value !== undefined) search.set(name, String(value));
  }
  return search.size > 0 ? `${filled}?${search}` : filled;
}
