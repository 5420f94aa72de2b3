/**
 * The session: who is signed in, in every tab.
 *
 * The token lives in `localStorage` for the hour that it counts. When the API no longer takes it, `renew` asks the
 * person to sign in again over the view they are in, and the calls that met the end go on. A `change` event follows
 * each turn; a `renew` event asks the shell to show the dialog.
 */
import * as api from './api.js';
import { forgetDrafts } from './drafts.js';
import { Problem } from './problem.js';
import { stored } from './stored.js';

/** @typedef {import('../api/call.js').Schema<'Account'>} Account */
/** @typedef {{ token: string, account: Account }} SignedIn */
/** @typedef {{ promise: Promise<void>, resolve: () => void, reject: (reason: unknown) => void }} Renewal */

const memory = stored('session');
/** Whose drafts are kept here. The drafts of one person are not for the next. */
const lastAccount = stored('last-account');

class Session extends EventTarget {
  /** @type {SignedIn | null} */
  #current = memory.read();
  /** @type {Renewal | null} */
  #renewal = null;

  constructor() {
    super();
    api.setAuthority({ token: () => this.#current?.token ?? null, renew: () => this.renew() });
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === memory.key) this.#set(memory.read());
    });
  }

  /** The account that is signed in. @returns {Account | null} */
  get account() {
    return this.#current?.account ?? null;
  }

  /**
   * Signs in. A wrong address or password is a `Problem` with the code `invalid_credentials`.
   *
   * @param {string} email
   * @param {string} password
   * @param {AbortSignal} [signal]
   */
  async signIn(email, password, signal) {
    const { body: opened } = await api.post('/sessions', { email, password }, { signal });
    const token = opened.access_token;
    const { body: account } = await api.get('/accounts/me', { signal, token });
    if (![null, account.id].includes(lastAccount.read())) forgetDrafts();
    lastAccount.write(account.id);
    memory.write({ token, account });
    this.#set({ token, account });
  }

  /** Signs out in every tab and forgets the drafts of this person. */
  signOut() {
    memory.write(null);
    forgetDrafts();
    this.#set(null);
  }

  /**
   * Asks for a new sign-in, once for all calls that wait.
   *
   * @returns {Promise<void>}
   */
  renew() {
    if (!this.#renewal) {
      const parts = /** @type {Renewal} */ ({});
      parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
      this.#renewal = parts;
      this.dispatchEvent(new Event('renew'));
    }
    return this.#renewal.promise;
  }

  /** The person does not want to sign in again: the session is over. */
  giveUp() {
    memory.write(null);
    this.#set(null);
  }

  /** @param {SignedIn | null} next */
  #set(next) {
    this.#current = next;
    if (next) this.#renewal?.resolve();
    else this.#renewal?.reject(new Problem(401, { code: 'unauthorized' }));
    this.#renewal = null;
    this.dispatchEvent(new Event('change'));
  }
}

export const session = new Session();
