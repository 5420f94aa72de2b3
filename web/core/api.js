/**
 * Calls to the API.
 *
 * Every call here may be repeated without a second effect: a GET reads, a POST keeps one `Idempotency-Key` over its
 * retries, a PUT or PATCH says the whole change again. So a call outlives a bad line: where no answer comes, it waits
 * until the line is back and asks again. Where the session has ended, it waits for a new sign-in and asks again. It
 * ends with a reply, with a `Problem`, or when its signal aborts.
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
const WORTH_A_RETRY = new Set([429, 500, 502, 503, 504]);

/**
 * Who signs calls. `session.js` registers itself; so neither module needs the other's insides.
 *
 * @typedef {object} Authority
 * @property {() => string | null} token The access token, if there is a session.
 * @property {(signal?: AbortSignal) => Promise<void>} renew Asks the person to sign in again. Rejects if they will not.
 */
/** @type {Authority} */
let authority = { token: () => null, renew: () => Promise.reject(new Problem(401, { code: 'unauthorized' })) };

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
 * @typedef {object} LooseOptions `CallOptions` of any path.
 * @property {Record<string, unknown>} [path]
 * @property {Record<string, unknown>} [query]
 * @property {AbortSignal} [signal]
 * @property {string | null} [ifMatch]
 * @property {string | null} [ifNoneMatch]
 * @property {string} [idempotencyKey]
 * @property {string} [token]
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
  for (let attempt = 0; ; attempt += 1) {
    const token = options.token ?? authority.token();
    const outcome = await ask(address, requestOf(method, body, options, key, token), signal);
    if (outcome === 'lost') {
      connection.reportLost();
      await connection.back(signal);
      attempt -= 1;
    } else if (!(outcome instanceof Problem)) {
      return outcome;
    } else if (outcome.status === 401 && outcome.code === 'unauthorized' && token && !options.token) {
      // Another tab may have signed in again meanwhile: then the new token is tried first.
      if (authority.token() === token) await authority.renew(signal);
    } else if (isWorthARetry(outcome) && attempt + 1 < ATTEMPTS) {
      await pause((outcome.retryAfter_s ?? 0) * 1000 || backoff(attempt, LONGEST_PAUSE_MS), signal);
    } else {
      throw outcome;
    }
  }
}

/** @param {Problem} problem */
function isWorthARetry(problem) {
  return WORTH_A_RETRY.has(problem.status) || problem.code === 'request_in_progress';
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
  return { method, headers, body: text, cache: 'no-store' };
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
