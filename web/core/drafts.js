/**
 * Drafts: what a person typed and has not sent, kept over reloads, lost lines and ended sessions.
 *
 * A draft also holds the `Idempotency-Key` of its submission. The key stays while the body stays, so a form that is
 * sent twice, even after a reload, creates one thing.
 */
import { randomKey } from './random.js';
import { stored } from './stored.js';

const PREFIX = 'draft.';

/** One draft, by the name of its form. Use a name per record: `edit-project.prj_…`. */
export class Draft {
  #memory;

  /** @param {string} name */
  constructor(name) {
    this.#memory = stored(PREFIX + name);
  }

  /** @returns {Record<string, any> | null} The values that were kept. */
  read() {
    return this.#memory.read()?.values ?? null;
  }

  /** @param {Record<string, any>} values Passwords must not be among them. */
  write(values) {
    this.#memory.write({ ...this.#memory.read(), values });
  }

  clear() {
    this.#memory.write(null);
  }

  /**
   * The key to send a body with.
   *
   * @param {unknown} body
   * @returns {Promise<string>}
   */
  async key(body) {
    const digest = await digestOf(JSON.stringify(body));
    const kept = this.#memory.read();
    if (kept?.key && kept.digest === digest) return kept.key;
    const key = randomKey();
    this.#memory.write({ ...kept, key, digest });
    return key;
  }
}

/** Removes every draft, for the next person at this device. */
export function forgetDrafts() {
  try {
    const prefix = stored(PREFIX).key;
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
  } catch {
    // Without storage there are no drafts.
  }
}

/**
 * Compares bodies without keeping them: a registration's body holds a password.
 *
 * @param {string} text
 */
async function digestOf(text) {
  const salt = tabSalt();
  // On plain HTTP there is no digest: then a key lives as long as one call.
  if (!crypto.subtle) return randomKey();
  const bytes = new TextEncoder().encode(salt + text);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A secret of this tab, so that a kept digest tells nothing about a password once the tab is closed. */
function tabSalt() {
  const memory = stored('salt', 'session');
  const salt = memory.read() ?? randomKey();
  memory.write(salt);
  return salt;
}
