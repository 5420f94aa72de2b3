/**
 * The session: who is signed in, in every tab.
 *
 * Storage holds a mark with the account's id and name, and no secret: `tokens.js` says where those live. A lost line
 * leaves the mark alone. Where the API refuses to go on with a session, `renew` asks the person to sign in again over
 * the view that they are in; where it wants a fresh proof for a sensitive act, `prove` asks for one. The calls that
 * met the refusal wait and go on. `renew` and `prove` events ask the shell to show a dialog, and `renew-answered` and
 * `prove-answered` close it. A `change` event follows each change of the account.
 */
import * as api from './api.js';
import { forgetDrafts } from './drafts.js';
import { Problem } from './problem.js';
import { stored } from './stored.js';
import { untilAborted } from './time.js';
import { isRefused, tokens } from './tokens.js';

/** @typedef {import('../api/call.js').Schema<'Account'>} Account */
/** @typedef {Pick<Account, 'id' | 'display_name' | 'erased_at'>} Mark `erased_at`: the account is closing. */
/** @typedef {{ email: string, password: string, code?: string }} Credentials */
/** @typedef {import('../api/call.js').Schema<'SessionBody'>} Opened */
/** @typedef {'renew' | 'prove'} Question What the person is asked for in a dialog. */

const memory = stored('session');
/** Whose drafts are kept here. The drafts of one person are not for the next. */
const lastAccount = stored('last-account');
/** Set while a sign-out has not reached the API. Only the API can remove the cookie. */
const departure = stored('signing-out');

class Session extends EventTarget {
  /** @type {Mark | null} */
  #mark = readMark();
  /** @type {Map<Question, PromiseWithResolvers<void>>} */
  #questions = new Map();
  /** The account that this tab signed in to. Its address is not kept. @type {Account | null} */
  #opened = null;

  constructor() {
    super();
    api.setAuthority({
      token: (signal) => this.#token(signal),
      refused: (token) => tokens.drop(token),
      prove: (signal) => this.#ask('prove', signal),
    });
    globalThis.addEventListener?.('storage', (event) => {
      if (event.key === memory.key) this.#set(readMark());
    });
    // Another tab has signed in again.
    tokens.addEventListener('change', () => {
      if (this.#mark && tokens.present(this.#mark.id)) this.#answer('renew');
    });
  }

  /** The account that is signed in. @returns {Mark | null} */
  get account() {
    return this.#mark;
  }

  /** The address of the account, if this tab knows it. */
  get email() {
    return this.#opened && this.#opened.id === this.#mark?.id ? this.#opened.email : null;
  }

  /** Gets the first token, and ends what an earlier visit could not end. The page does not wait for it. */
  async start() {
    tokens.listen();
    // A call that needs the token meets the same failure, and says so.
    await (departure.read() ? this.#depart(null) : this.#mark && tokens.get(this.#mark.id))?.catch(() => {});
  }

  /**
   * Signs in. `Problem`s: `invalid_credentials`; `second_factor_required` asks for a code; `invalid_code`.
   *
   * @param {Credentials} credentials
   * @param {AbortSignal} [signal]
   */
  signIn({ email, password, code }, signal) {
    const body = { email, password, cookie: true, ...(code ? { code } : {}) };
    return this.open(() => api.post('/sessions', body, { signal }));
  }

  /**
   * Opens the session that a call answers with.
   *
   * @param {() => Promise<{ body: Opened }>} call
   */
  async open(call) {
    await tokens.alone(async () => {
      const { body: opened } = await call();
      const { body: account } = await api.get('/accounts/me', { token: opened.access_token });
      if (![null, account.id].includes(lastAccount.read())) forgetDrafts();
      lastAccount.write(account.id);
      departure.write(null);
      const mark = markOf(account);
      memory.write(mark);
      tokens.take(opened);
      this.#opened = account;
      this.#set(mark);
    });
  }

  /** Signs out in every tab and forgets the drafts of this person. The API hears of it as soon as the line allows. */
  signOut() {
    const token = this.#mark && tokens.present(this.#mark.id);
    departure.write(true);
    forgetDrafts();
    this.giveUp();
    return this.#depart(token).catch(() => {});
  }

  /** Asks whether the session still counts, after something that may have ended it. */
  async check() {
    if (!this.#mark) return;
    tokens.drop();
    await tokens.get(this.#mark.id).catch((error) => isRefused(error) && this.giveUp());
  }

  /** The account is closing and will be erased, or is kept. @param {string | undefined} erased_at */
  close(erased_at) {
    if (!this.#mark) return;
    const mark = markOf({ ...this.#mark, erased_at });
    memory.write(mark);
    this.#set(mark);
  }

  /** The session is over, and the person does not want to sign in again. */
  giveUp() {
    memory.write(null);
    this.#set(null);
  }

  /**
   * Proves who the person is. `Problem`s as of `signIn`.
   *
   * @param {Omit<Credentials, 'email'>} proof
   * @param {AbortSignal} [signal]
   */
  prove({ password, code }, signal) {
    const body = { password, cookie: true, ...(code ? { code } : {}) };
    return this.proveBy((token) => api.post('/sessions/current/proof', body, { signal, token }), signal);
  }

  /**
   * Takes the tokens that a proof of identity answers with.
   *
   * @param {(token: string) => Promise<{ body: Opened }>} call
   * @param {AbortSignal} [signal]
   */
  async proveBy(call, signal) {
    const account = this.#mark?.id ?? '';
    const present = await tokens.get(account, signal);
    await tokens.alone(async () => {
      // An exchange would wait for this turn to end, so the call does not ask for a token by itself.
      const { body: opened } = await call(tokens.present(account) ?? present);
      tokens.take(opened);
    });
    this.#answer('prove');
  }

  /** The person does not want to prove who they are. */
  withhold() {
    this.#answer('prove', new DOMException('the person cancelled', 'AbortError'));
  }

  /** @param {AbortSignal} signal */
  async #token(signal) {
    if (!this.#mark) return null;
    try {
      return await tokens.get(this.#mark.id, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
    await this.#ask('renew', signal);
    return this.#mark && tokens.present(this.#mark.id);
  }

  /**
   * Ends the session at the API, which removes the cookie.
   *
   * @param {string | null} token
   */
  #depart(token) {
    return tokens.alone(async () => {
      // Another tab has done it, or somebody signs in again.
      if (!departure.read()) return;
      try {
        if (!token || !await ended(token)) await ended((await tokens.refresh()).access_token);
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
      departure.write(null);
    });
  }

  /**
   * Asks the person, once for all calls that wait.
   *
   * @param {Question} question
   * @param {AbortSignal} signal
   */
  #ask(question, signal) {
    if (!this.#questions.has(question)) {
      this.#questions.set(question, Promise.withResolvers());
      this.dispatchEvent(new Event(question));
    }
    return untilAborted(/** @type {PromiseWithResolvers<void>} */ (this.#questions.get(question)).promise, signal);
  }

  /** @param {Question} question @param {unknown} [refusal] */
  #answer(question, refusal) {
    const asked = this.#questions.get(question);
    this.#questions.delete(question);
    if (refusal) asked?.reject(refusal);
    else asked?.resolve();
    if (asked) this.dispatchEvent(new Event(`${question}-answered`));
  }

  /** @param {Mark | null} next */
  #set(next) {
    const isAnother = this.#mark !== null && this.#mark.id !== next?.id;
    this.#mark = next;
    if (isAnother && !(next && tokens.present(next.id))) tokens.drop();
    // Calls of one person do not go on as those of another.
    const refusal = isAnother || !next ? new Problem(401, { code: 'unauthorized' }) : undefined;
    this.#answer('prove', refusal);
    this.#answer('renew', refusal);
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {Mark} account @returns {Mark} */
function markOf({ id, display_name, erased_at }) {
  return { id, display_name, ...(erased_at ? { erased_at } : {}) };
}

/** @returns {Mark | null} */
function readMark() {
  const mark = memory.read() ?? {};
  if (typeof mark.id === 'string' && typeof mark.display_name === 'string') return markOf(mark);
  // Earlier versions of the page kept a token in this place.
  memory.write(null);
  return null;
}

/** Whether the API took the token and ended its session. @param {string} token */
async function ended(token) {
  try {
    await api.remove('/sessions/{id}', undefined, { path: { id: 'current' }, token, keepalive: true });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return false;
    throw error;
  }
}

export const session = new Session();
