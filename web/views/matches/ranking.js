/**
 * The ranking of freelancers for a project, page by page, for one filter at a time.
 *
 * A new filter starts a new list beside the one that is shown and takes its place once its first page is here; a list
 * that is still on its way is aborted. A `change` event follows each turn; a `ranked` event follows each new ranking.
 */
import { get } from '../../core/api.js';
import { PagedList } from '../../core/pages.js';
import { Problem } from '../../core/problem.js';

/** @typedef {import('../../api/call.js').Schema<'ProjectMatch'>} ProjectMatch */
/** @typedef {ProjectMatch & { id: string, rank: number }} Match */
/** @typedef {{ newcomers: string, min_skill_overlap: string }} Filter Empty strings leave the API's defaults. */

const PAGE_SIZE = 10;

export class Ranking extends EventTarget {
  #projectId;
  /** @type {Filter} */
  #filter = { newcomers: '', min_skill_overlap: '' };
  /** @type {PagedList<Match> | null} */
  #next = null;
  /** The list that is shown. @type {PagedList<Match>} */
  list = this.#listOf(this.#filter);
  /** How many freelancers were scored; null before the first reply. @type {number | null} */
  poolSize = null;
  /** The version of the model. */
  model = '';
  /** Why the last ranking failed; the list of the one before is still shown. @type {unknown} */
  error = null;
  /** Counts the rankings; a key for what draws them. */
  turn = 0;

  /** @param {string} projectId */
  constructor(projectId) {
    super();
    this.#projectId = projectId;
  }

  /** Whether a new ranking is on its way. */
  get busy() {
    return this.#next !== null;
  }

  /** Ranks by a filter. @param {Filter} filter */
  async rank(filter) {
    this.#next?.stop();
    this.#filter = filter;
    const next = this.#listOf(filter);
    this.#next = next;
    this.error = null;
    this.#changed();
    await next.more();
    if (next !== this.#next) return;
    this.#next = null;
    this.error = next.error;
    if (!next.error) {
      this.list.stop();
      this.list = next;
      this.turn += 1;
      this.dispatchEvent(new Event('ranked'));
    }
    this.#changed();
  }

  /** Ranks by the same filter again: after a failure, or in another language. */
  again = () => this.rank(this.#filter);

  stop() {
    this.#next?.stop();
    this.#next = null;
    this.list.stop();
  }

  remember() {
    return { list: this.list.remember(), filter: this.#filter, poolSize: this.poolSize, model: this.model };
  }

  /** @param {ReturnType<Ranking['remember']>} remembered */
  restore({ list, filter, poolSize, model }) {
    Object.assign(this, { poolSize, model });
    this.#filter = filter;
    this.list = this.#listOf(filter);
    this.list.restore(list);
    this.turn += 1;
  }

  /** @param {Filter} filter @returns {PagedList<Match>} */
  #listOf(filter) {
    /** @type {PagedList<Match>} */
    const list = new PagedList(async (cursor, signal) => {
      const body = await this.#page(filter, cursor, signal);
      const first = list.items.length + 1;
      const items = body.items.map((match, index) => ({ ...match, id: match.freelancer.id, rank: first + index }));
      return { items, next_cursor: body.next_cursor };
    });
    return list;
  }

  /** @param {Filter} filter @param {string | undefined} cursor @param {AbortSignal} signal */
  async #page(filter, cursor, signal) {
    const query = /** @type {Record<string, any>} */ ({ ...filter, cursor, limit: PAGE_SIZE });
    try {
      const { body } = await get('/projects/{id}/matches', { path: { id: this.#projectId }, query, signal });
      this.poolSize = body.pool_size;
      this.model = body.model.version;
      return body;
    } catch (error) {
      // The ranking that the cursor belongs to is gone, so a new one starts from its first page.
      if (cursor && error instanceof Problem && error.code === 'invalid_cursor') this.again();
      throw error;
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
