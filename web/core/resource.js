/**
 * One thing that a view reads from the API: on its way, here, or failed. A `change` event follows each turn.
 *
 * ```js
 * project = new Resource((signal) => get('/projects/{id}', { path: { id: this.params.id }, signal }));
 * connected() { this.watch(this.project); this.project.load(this.signal); }
 * ```
 */
import { isAbort } from './problem.js';

/** @template Body */
export class Resource extends EventTarget {
  #read;
  #signal = AbortSignal.abort();
  /** What was read; undefined before the first reply. @type {Body | undefined} */
  value = undefined;
  /** The version that was read. @type {string | null} */
  etag = null;
  /** Why the last load failed. @type {unknown} */
  error = null;
  loading = false;

  /** @param {(signal: AbortSignal) => Promise<import('../api/call.js').Reply<Body>>} read */
  constructor(read) {
    super();
    this.#read = read;
  }

  /** Reads, again if need be. The old value stays until the new one is here. @param {AbortSignal} signal */
  async load(signal) {
    this.#signal = signal;
    this.loading = true;
    this.error = null;
    this.#changed();
    try {
      const { body, etag } = await this.#read(signal);
      this.set(body, etag);
    } catch (error) {
      if (isAbort(error)) return;
      this.loading = false;
      this.error = error;
      this.#changed();
    }
  }

  /** Tries again after a failure. */
  retry = () => this.load(this.#signal);

  /** Takes what a write returned. @param {Body} value @param {string | null} etag */
  set(value, etag) {
    this.value = value;
    this.etag = etag;
    this.loading = false;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
