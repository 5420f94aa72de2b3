/**
 * Bids for a project, typed in or pasted, and compared by the probability that the client hires each.
 *
 * The API stores nothing of this. The bids stay in a draft of this device until they are removed.
 */
import './by-hand.js';
import './paste.js';
import { formFailure } from '../../components/field.js';
import { icon } from '../../components/icon.js';
import { empty, failed, loading } from '../../components/states.js';
import { sheet } from '../../components/waterfall.js';
import { get, post } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { language, words } from '../../core/language.js';
import { isAbort } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { session } from '../../core/session.js';
import { adoptSheet } from '../../core/sheet.js';
import { awardCards, CARDS } from './awards.js';
import { otherRecord, projectPart, recordOf } from './project-part.js';
import { bidOf } from './records.js';
import { bidRows, nameOfRow, wrongParts } from './rows.js';

await Promise.all([sheet, ...['../post/post.css', '../matches/matches.css', './bids.css']
  .map((name) => adoptSheet(import.meta.resolve(name)))]);

/** @typedef {import('./records.js').Row} Row */
/**
 * @typedef {{
 *   bids: Row[], 'project/title': string, 'project/skills': string[], 'project/description': string,
 * }} Values
 */
/** @typedef {import('./awards.js').Awards} Awards */

/** The API compares so many bids at a time. */
const MOST = 1000;
const OWN_PROJECTS = 100;

export default class BidsView extends View {
  #project = new Resource((signal) => get('/projects/{id}', { path: { id: this.#id }, signal }));
  /** @type {import('./project-part.js').Project[]} */
  #own = [];
  /** @type {Form<Values>} */
  form = /** @type {any} */ (null);
  /** @type {Awards | null} */
  #awards = null;
  /** The rows that were compared, since the list may have changed afterwards. @type {Row[]} */
  #compared = [];
  #shown = CARDS;
  /** The bid that is being edited; -1 for a new one. @type {number | null} */
  #edited = null;
  #said = '';

  get title() {
    return words().shell.bids;
  }

  get #id() {
    return this.params.id ?? this.query.get('project') ?? '';
  }

  connected() {
    /** @type {Values} */
    const values = { bids: [], 'project/title': '', 'project/skills': [], 'project/description': '' };
    this.form = new Form(values, { draft: `bids.${this.#id || 'other'}` });
    this.watch(this.form, this.#project);
    if (this.#id) this.#project.load(this.signal);
    if (session.account) this.#readOwn();
  }

  async #readOwn() {
    try {
      const { body } = await get('/accounts/me/projects', { query: { limit: OWN_PROJECTS }, signal: this.signal });
      this.#own = body.items;
      this.update();
    } catch (error) {
      // Without the list, the project of the address and another one can still be compared.
      if (!isAbort(error)) console.warn('own projects are not listed', error);
    }
  }

  /** Sentences come in the language of the request. */
  languageChanged() {
    if (this.#awards) this.#compare();
  }

  /** @param {Row[]} rows @param {string} said */
  #set(rows, said) {
    this.form.set('bids', rows);
    this.form.failure = null;
    this.#said = said;
    this.#awards = null;
    this.#edited = null;
    this.update();
  }

  /** @param {CustomEvent} event */
  #add = ({ detail }) => this.#set([...this.form.values.bids, ...detail], words().bids.added(detail.length));

  /** @param {number} index */
  #remove(index) {
    this.#set(this.form.values.bids.filter((_, other) => other !== index), words().bids.removed);
    this.drawNow();
    const last = this.form.values.bids.length - 1;
    const next = this.querySelector(`[data-edit="${Math.min(index, last)}"]`) ?? this.querySelector('#paste');
    /** @type {HTMLElement | null} */ (next)?.focus();
  }

  /** @param {number} index */
  #edit(index) {
    this.#edited = index;
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('.by-hand-title'))?.focus();
  }

  /** @param {number} index */
  #editor = (index) => h('pw-bid-by-hand', {
    key: `by-hand.${index}`,
    '.row': index < 0 ? {} : this.form.values.bids[index],
    '.wrong': index < 0 ? {} : wrongParts(this.form.errors, index),
    '.isNew': index < 0,
    onsave: (/** @type {CustomEvent} */ { detail }) => {
      if (index < 0) this.#set([...this.form.values.bids, detail], words().bids.added(1));
      else this.#set(this.form.values.bids.map((row, at) => (at === index ? detail : row)), words().bids.saved);
    },
    oncancel: () => {
      this.#edited = null;
      this.update();
    },
  });

  #compare = async () => {
    const rows = this.form.values.bids;
    const project = this.#project.value;
    const awards = await this.#submit(rows, project);
    if (!awards) {
      this.drawNow();
      /** @type {HTMLElement | null} */ (this.querySelector('.bid-wrong button, [aria-invalid="true"]'))?.focus();
      return;
    }
    const isFirst = this.#awards === null;
    this.#awards = awards;
    this.#compared = rows;
    this.#shown = CARDS;
    this.#said = words().bids.compared(awards.items.length,
      nameOfRow(rows[awards.items[0].index], awards.items[0].index));
    this.drawNow();
    if (isFirst) /** @type {HTMLElement | null} */ (this.querySelector('#result'))?.focus();
  };

  /**
   * Sends the bids. The draft stays: the API keeps nothing of them.
   *
   * @param {Row[]} rows
   * @param {import('./project-part.js').Project | undefined} project
   */
  async #submit(rows, project) {
    const currency = project?.budget?.currency ?? (language.current === 'ko' ? 'KRW' : 'USD');
    const bids = rows.map((row) => bidOf(row, { currency, postedAt: project?.created_at }));
    const record = project ? recordOf(project) : otherRecord(this.form.values);
    const kept = this.form.values;
    const awards = await this.form.submit(
      async () => (await post('/matches/bids', { project: record, bids }, { signal: this.signal })).body,
    );
    if (awards) this.form.draft?.write(kept);
    return awards;
  }

  draw() {
    const sentences = words().bids;
    const rows = this.form.values.bids;
    const { value: project, error, retry } = this.#project;
    return h('div', { class: 'page page-middle' },
      project ? h('p', { class: 'kicker' }, h('a', { class: 'back', href: href('project', { id: project.id }) },
        icon('back'), words().projectMatches.toProject)) : null,
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, sentences.text),
      h('div', { class: 'form form-page' },
        this.#id && !project
          ? (error ? failed(error, retry) : loading(1))
          : projectPart(this.form, { id: this.#id, project, own: this.#own }),
        h('section', { class: 'form-part', 'aria-labelledby': 'bids-list' },
          h('h2', { class: 'section-title', id: 'bids-list' },
            rows.length > 0 ? sentences.count(rows.length) : sentences.list),
          rows.length > 0 ? h('div', null, bidRows(rows, {
            errors: this.form.errors, edited: this.#edited, edit: (index) => this.#edit(index),
            remove: (index) => this.#remove(index), editor: this.#editor,
          })) : null,
          h('pw-paste-bids', {
            '.room': MOST - rows.length, '.draft': `paste.${this.#id || 'other'}`, onadd: this.#add,
          }),
          this.#edited === -1 ? this.#editor(-1) : h('div', { class: 'actions' },
            h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.#edit(-1) }, icon('plus'),
              sentences.byHand),
            rows.length > 0 ? h('button', { class: 'button button-plain', type: 'button',
              onclick: () => this.#set([], sentences.removed) }, sentences.removeAll) : null)),
        formFailure(this.form),
        rows.length > 0 && (this.#id === '' || project) ? h('button', {
          class: 'button button-strong button-wide', type: 'button', onclick: this.#compare,
          'aria-disabled': this.form.busy ? 'true' : null,
        }, icon('chart'), this.form.busy ? words().common.sending : sentences.compare) : null),
      h('p', { class: 'visually-hidden', role: 'status' }, this.#said),
      this.#result());
  }

  #result() {
    const sentences = words().bids;
    if (!this.#awards) return this.form.values.bids.length === 0 ? empty(sentences.none, sentences.noneText) : null;
    return h('section', { class: 'section', 'aria-labelledby': 'result' },
      h('h2', { class: 'section-title', id: 'result', tabindex: -1 }, sentences.result),
      h('p', { class: 'candidate-legend' }, sentences.legend),
      awardCards(this.#awards, {
        nameOf: (index) => nameOfRow(this.#compared[index], index),
        // A bid without languages is not known to miss those of the project.
        saysTerms: (index) => !this.#project.value?.languages?.length || Boolean(this.#compared[index].languages),
        shown: this.#shown,
        more: () => {
          this.#shown += CARDS;
          this.update();
        },
      }));
  }
}

customElements.define('view-bids', BidsView);
