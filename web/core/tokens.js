/**
 * The access token of this tab.
 *
 * It lives in memory alone. Its successor comes from `POST /sessions/refresh`, which reads the refresh token from a
 * cookie that no script can see. A refresh token is good for one exchange, so tabs take turns; a tab that gets an
 * access token tells the others. A `change` event follows each token that comes from another tab.
 */
import * as api from './api.js';
import { Problem } from './problem.js';
import { randomKey } from './random.js';
import { stored } from './stored.js';
import { untilAborted } from './time.js';

/**
 * @typedef {object} Token
 * @property {string} value
 * @property {string} accountId
 * @property {number} ripe_ms From then on it is exchanged, while it is still in use.
 * @property {number} expired_ms From then on it is not used, since it might be too old on arrival.
 */

/** A token is exchanged this long before its end, or in the last quarter of a short life. */
const AHEAD_MS = 60_000;
const NAME = 'pairwork.session';

/**
 * The key of a refresh that got no answer yet. A repeat with this key gets the same tokens, even after a reload. With
 * another key it would end the session, as a stolen token would.
 */
const pendingKey = stored('refresh-key');

class Tokens extends EventTarget {
  /** @type {Token | null} */
  #token = null;
  /** @type {Promise<void> | null} */
  #exchanging = null;
  /** @type {BroadcastChannel | null} */
  #tabs = null;

  /** Takes tokens from other tabs, too. */
  listen() {
    this.#tabs = new BroadcastChannel(NAME);
    this.#tabs.addEventListener('message', ({ data }) => {
      this.#token = data;
      this.dispatchEvent(new Event('change'));
    });
  }

  /**
   * An access token of an account. A refused exchange is a `Problem` with the code `invalid_refresh_token`.
   *
   * @param {string} accountId
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>}
   */
  async get(accountId, signal) {
    const present = this.present(accountId);
    if (!present) await untilAborted(this.#exchange(accountId), signal);
    // An early exchange may fail: the present token counts until its end.
    else if (this.#isRipe) this.#exchange(accountId).catch(() => {});
    const token = present ?? this.present(accountId);
    if (!token) throw new Problem(401, { code: 'unauthorized' });
    return token;
  }

  /** The access token of an account, if there is one that counts. @param {string} accountId */
  present(accountId) {
    const token = this.#token;
    return token && token.accountId === accountId && Date.now() < token.expired_ms ? token.value : null;
  }

  /**
   * Takes the tokens that the API gave, and tells the other tabs.
   *
   * @param {{ access_token: string, expires_in: number }} given
   */
  take({ access_token: value, expires_in }) {
    const [now, life_ms] = [Date.now(), expires_in * 1000];
    this.#token = {
      value,
      accountId: subjectOf(value),
      ripe_ms: now + life_ms - Math.min(AHEAD_MS, life_ms / 4),
      expired_ms: now + life_ms - Math.min(AHEAD_MS, life_ms) / 10,
    };
    pendingKey.write(null);
    this.#tabs?.postMessage(this.#token);
  }

  /** Forgets a token that the API does not take, or any. @param {string} [value] */
  drop(value = this.#token?.value) {
    if (this.#token?.value === value) this.#token = null;
  }

  /**
   * Runs a task that reads or changes the cookie, while no other tab does.
   *
   * @template Result
   * @param {() => Promise<Result>} task
   * @returns {Promise<Result>}
   */
  async alone(task) {
    const { locks } = /** @type {{ locks?: LockManager }} */ (navigator);
    // On plain HTTP from another machine there are no locks, and no cookie either.
    return locks ? locks.request(NAME, task) : task();
  }

  /** Exchanges the refresh token. Call it in `alone`. */
  async refresh() {
    const idempotencyKey = pendingKey.read() ?? randomKey();
    pendingKey.write(idempotencyKey);
    try {
      const { body } = await api.post('/sessions/refresh', {}, { idempotencyKey });
      return body;
    } catch (error) {
      if (isRefused(error)) pendingKey.write(null);
      throw error;
    }
  }

  get #isRipe() {
    return this.#token === null || Date.now() >= this.#token.ripe_ms;
  }

  /** One exchange for all calls that wait for it. @param {string} accountId */
  #exchange(accountId) {
    this.#exchanging ??= this.alone(async () => {
      // Another tab may have done it while this one waited for its turn.
      if (!this.present(accountId) || this.#isRipe) this.take(await this.refresh());
    }).finally(() => {
      this.#exchanging = null;
    });
    return this.#exchanging;
  }
}

/** Whether the session is over, so that only a new sign-in helps. @param {unknown} error */
export function isRefused(error) {
  return error instanceof Problem && error.code === 'invalid_refresh_token';
}

/** Whose token it is: its claim `sub`. @param {string} token A JWT. @returns {string} */
function subjectOf(token) {
  const claims = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(atob(claims)).sub;
}

export const tokens = new Tokens();
