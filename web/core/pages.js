/**
 * A list of the API, page by page over its cursor.
 *
 * `PagedList` keeps the items that it has, loads more on demand, and can be remembered and restored, so that Back
 * returns to the same items. A `change` event follows each turn.
 */
import { isAbort } from './problem.js';

/**
 * @template Item
 * @typedef {{ items: Item[], next_cursor?: string | null }} Page
 */
/** A page may be empty before the end is reached; so many empty ones in a row are skipped at a time. */
const EMPTY_PAGES = 5;

/** @template Item */
export class PagedList extends EventTarget {
  #load;
  /** @type {AbortController | null} */
  #loading = null;
  /** @type {string | null} */
  #cursor = null;
  /** @type {Item[]} */
  items = [];
  /** Whether the last page has been read. */
  ended = false;
  /** Why the last load failed. @type {unknown} */
  error = null;

  /** @param {(cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>} load Reads one page. */
  constructor(load) {
    super();
    this.#load = load;
  }

  get loading() {
    return this.#loading !== null;
  }

  /** Loads the next page, unless one is on its way or the list has ended. */
  async more() {
    if (this.#loading || this.ended) return;
    const loading = new AbortController();
    this.#loading = loading;
    this.error = null;
    this.#changed();
    try {
      await this.#readNext(loading.signal);
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error;
    }
    if (this.#loading === loading) this.#loading = null;
    this.#changed();
  }

  /** Starts over: the filter has changed. */
  reset() {
    this.stop();
    this.items = [];
    this.#cursor = null;
    this.ended = false;
    this.error = null;
    return this.more();
  }

  /** Ends a load that is on its way: the view leaves the page. */
  stop() {
    this.#loading?.abort();
    this.#loading = null;
  }

  /** @returns {{ items: Item[], cursor: string | null, ended: boolean }} */
  remember() {
    return { items: this.items, cursor: this.#cursor, ended: this.ended };
  }

  /** @param {{ items: Item[], cursor: string | null, ended: boolean }} remembered */
  restore({ items, cursor, ended }) {
    this.items = items;
    this.#cursor = cursor;
    this.ended = ended;
    this.#changed();
  }

  /** @param {AbortSignal} signal */
  async #readNext(signal) {
    for (let page = 0; page < EMPTY_PAGES; page += 1) {
      const { items, next_cursor } = await this.#load(this.#cursor ?? undefined, signal);
      signal.throwIfAborted();
      this.items = [...this.items, ...items];
      this.#cursor = next_cursor ?? null;
      this.ended = this.#cursor === null;
      if (items.length > 0 || this.ended) return;
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
