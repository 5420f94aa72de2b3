/** Posts a project. What was typed survives a reload, and one form makes one project, however often it is sent. */
import { focusFirstError, formFailure, submitButton } from '../../components/field.js';
import '../../components/live-preview.js';
import { draftNote } from '../../components/draft-note.js';
import { post } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';
import { adoptSheet } from '../../core/sheet.js';
import { projectFields } from './fields.js';
import { noSuggestions, readSuggestions } from './suggestions.js';
import { bodyOf, newValues, typedProject } from './values.js';

await adoptSheet(import.meta.resolve('./post.css'));

const DRAFT = 'post-project';

export default class PostView extends View {
  form = new Form(newValues(), { draft: DRAFT });
  #suggestions = noSuggestions();

  get title() {
    return words().projectForm.postTitle;
  }

  async connected() {
    this.watch(this.form);
    this.#suggestions = await readSuggestions(this.signal);
    this.update();
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const project = await this.form.submit(async (values) => {
      const body = bodyOf(values);
      const idempotencyKey = await this.form.draft?.key(body);
      return (await post('/projects', body, { signal: this.signal, idempotencyKey })).body;
    });
    if (project) return router.go(href('matches', { id: project.id }), { replace: true });
    this.drawNow();
    return focusFirstError(this);
  };

  draw() {
    const { projectForm: sentences } = words();
    return h('div', { class: 'page page-middle' },
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, sentences.postText),
      draftNote(this.form, newValues),
      h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
        projectFields(this.form, this.#suggestions),
        h('pw-live-preview', { key: 'preview', '.project': typedProject(this.form.values) }),
        formFailure(this.form),
        submitButton(this.form, sentences.post)));
  }
}

customElements.define('view-post', PostView);
