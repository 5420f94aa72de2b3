/**
 * Changes a project, and closes it or opens it again.
 *
 * The draft keeps the version that it began from. Where somebody else has changed the project meanwhile, the view shows
 * what changed, field by field, and offers the merge.
 */
import { draftNote } from '../../components/draft-note.js';
import { focusFirstError, formFailure } from '../../components/field.js';
import { icon } from '../../components/icon.js';
import { focusMergePanel, mergePanel } from '../../components/merge-panel.js';
import { failedPage, loading } from '../../components/states.js';
import { get, patch } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { isAbort, Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';
import { adoptSheet } from '../../core/sheet.js';
import { projectFields } from '../post/fields.js';
import { noSuggestions, readSuggestions } from '../post/suggestions.js';
import { newValues, valuesOf } from '../post/values.js';
import { mergedValues, mergeOf, patchOf } from './merge.js';
import { fieldName, shown } from './shown.js';
import { StatusPart } from './status.js';

await adoptSheet(import.meta.resolve('../post/post.css'));

/** @typedef {import('../post/values.js').Project} Project */
/** @typedef {import('../post/values.js').Values} Values */
/** @typedef {{ project: Project, etag: string | null }} Version */
/** @typedef {Values & { base: Version | null }} EditValues `base` is the version that the draft began from. */

/** Refusals that say that the stored project is no longer the one that the form began from. */
const OVERTAKEN = new Set(['precondition_failed', 'conflict']);

export default class EditProjectView extends View {
  #project = new Resource((signal) => get('/projects/{id}', { path: { id: this.params.id }, signal }));
  /** @type {Form<EditValues>} */
  form = /** @type {any} */ (null);
  #status = /** @type {StatusPart} */ (/** @type {unknown} */ (null));
  #suggestions = noSuggestions();
  /** What others changed meanwhile, until it is decided. @type {import('../../core/merge.js').Merge | null} */
  #merge = null;

  get title() {
    return words().editProject.title;
  }

  connected() {
    this.form = new Form(/** @type {EditValues} */ ({ ...newValues(), base: null }), {
      draft: `edit-project.${this.params.id}`,
    });
    this.#status = new StatusPart(this.params.id, (version) => this.#statusChanged(version));
    this.watch(this.form, this.#project, this.#status);
    this.#open();
  }

  async #open() {
    await this.#project.load(this.signal);
    const stored = this.#stored;
    if (!stored) return;
    if (!this.form.values.base) this.#begin(stored);
    else if (this.form.values.base.etag !== stored.etag) this.#compare(stored);
    this.#suggestions = await readSuggestions(this.signal);
    this.update();
  }

  /** The project as it is stored, as far as is known. @returns {Version | null} */
  get #stored() {
    const { value, etag } = this.#project;
    return value ? { project: value, etag } : null;
  }

  /** Fills the form from the stored project. @param {Version} stored */
  #begin(stored) {
    this.#merge = null;
    this.form.reset({ ...valuesOf(stored.project), base: stored });
  }

  /** Looks for what others changed. If they changed no field, the form goes on from there. @param {Version} stored */
  #compare(stored) {
    const base = /** @type {Version} */ (this.form.values.base);
    const merge = mergeOf(base.project, this.form.values, stored.project);
    const isNews = merge.conflicts.length + merge.taken.length > 0;
    this.#merge = isNews ? merge : null;
    if (!isNews) this.form.set('base', stored);
    this.update();
  }

  /** Puts the merge into the form, which then begins from the stored project. */
  #saveMerge = () => {
    const stored = /** @type {Version} */ (this.#stored);
    const merge = /** @type {import('../../core/merge.js').Merge} */ (this.#merge);
    const { base: _, ...values } = this.form.values;
    const merged = mergedValues(merge, values, stored.project);
    for (const [name, value] of Object.entries(merged)) this.form.set(/** @type {any} */ (name), value);
    this.form.set('base', stored);
    this.#merge = null;
    return this.#save();
  };

  /** @param {Event} [event] */
  #save = async (event) => {
    event?.preventDefault();
    const saved = await this.form.submit((values) => this.#send(values));
    if (saved) return router.go(href('project', this.params), { replace: true });
    if (this.#merge) return this.#showMerge();
    this.drawNow();
    return focusFirstError(this);
  };

  /** @param {EditValues} values @returns {Promise<boolean | undefined>} */
  async #send(values) {
    const base = /** @type {Version} */ (values.base);
    const body = patchOf(base.project, values);
    if (Object.keys(body).length === 0) return true;
    try {
      await patch('/projects/{id}', body, { path: { id: this.params.id }, ifMatch: base.etag, signal: this.signal });
      return true;
    } catch (error) {
      if (!(error instanceof Problem && OVERTAKEN.has(error.code))) throw error;
      return this.#overtaken(values, error);
    }
  }

  /**
   * The stored project is another one by now. If it already says what the form says, the reply to an earlier attempt
   * was lost, and the work is done.
   *
   * @param {EditValues} values
   * @param {Problem} problem
   */
  async #overtaken(values, problem) {
    await this.#project.load(this.signal);
    const stored = this.#stored;
    if (!stored || this.#project.error) throw this.#project.error ?? problem;
    if (Object.keys(patchOf(stored.project, values)).length === 0) return true;
    this.#compare(stored);
    throw problem;
  }

  #showMerge() {
    this.form.failure = null;
    this.drawNow();
    focusMergePanel(this);
  }

  /**
   * A new status is no reason for a merge, unless somebody changed the project before it.
   *
   * @param {Version} version
   */
  #statusChanged({ project, etag }) {
    const base = this.form.values.base;
    this.#project.set(project, etag);
    if (base && Object.keys(patchOf(base.project, valuesOf(project))).length === 0) {
      if (this.form.restored || this.form.draft?.read()) this.form.set('base', { project, etag });
      else this.#begin({ project, etag });
    } else {
      this.#compare({ project, etag });
    }
  }

  draw() {
    const { editProject: sentences, common } = words();
    const { value: project, error, retry } = this.#project;
    if (!project && error && !isAbort(error)) return failedPage(this.title, error, retry);
    if (!project) return h('div', { class: 'page page-middle' }, h('h1', { class: 'page-title' }, this.title),
      loading(2, 'page'));
    if (project.owner_id !== session.account?.id) return failedPage(this.title,
      new Problem(403, { code: 'forbidden' }));
    return h('div', { class: 'page page-middle' },
      h('p', { class: 'kicker' },
        h('a', { class: 'back', href: href('project', this.params) }, icon('back'), words().projectMatches.toProject)),
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead', dir: 'auto' }, project.title),
      draftNote(this.form, () => ({ ...valuesOf(project), base: this.#stored })),
      h('form', { class: 'form form-page', onsubmit: this.#save, novalidate: true },
        projectFields(this.form, this.#suggestions),
        this.#merge ? mergePanel(this.#merge, {
          label: fieldName,
          show: shown,
          changed: () => this.update(),
          keep: this.#saveMerge,
          discard: () => this.#begin(/** @type {Version} */ (this.#stored)),
        }) : null,
        formFailure(this.form),
        this.#merge ? null : h('div', { class: 'form-end' },
          h('button', {
            class: 'button button-strong', type: 'submit', 'aria-disabled': this.form.busy ? 'true' : null,
          }, this.form.busy ? common.sending : sentences.save),
          h('a', { class: 'button button-quiet', href: href('project', this.params) }, common.cancel))),
      this.#status.draw(project));
  }
}

customElements.define('view-edit-project', EditProjectView);
