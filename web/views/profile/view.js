/** The profile editor, with advice beside it that follows what is typed. */
import './live-advice.js';
import { draftNote, focusFirstError, formFailure, submitButton } from '../../components/field.js';
import { icon } from '../../components/icon.js';
import { focusMergePanel, mergePanel } from '../../components/merge-panel.js';
import { failed, loading } from '../../components/states.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { isAbort } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { session } from '../../core/session.js';
import { adoptSheet } from '../../core/sheet.js';
import { Editing, readProfile } from './editing.js';
import { fieldLabel, fieldText, offerFields, termFields, textFields } from './fields.js';

await adoptSheet(import.meta.resolve('./profile.css'));

/** So many projects are read for the words that the form suggests. */
const SUGGESTED_FROM = 100;

export default class ProfileView extends View {
  #profile = new Resource((signal) => readProfile(signal));
  /** @type {Editing | null} */
  #editing = null;
  /** @type {import('./editing.js').Outcome | null} */
  #outcome = null;
  /** What is typed into the field of skills and not added yet. */
  #typed = '';
  /** @type {import('./fields.js').Suggestions} */
  #suggestions = { categories: [], skills: [] };

  get title() {
    return this.#editing?.base.input ? words().profile.editTitle : words().profile.newTitle;
  }

  connected() {
    this.watch(this.#profile, session);
    this.#start();
    this.#readSuggestions();
  }

  async #start() {
    await this.#profile.load(this.signal);
    const { value, etag } = this.#profile;
    if (value === undefined) return;
    this.#editing = new Editing(value, etag);
    this.watch(this.#editing);
    const add = this.query.get('add');
    if (add) this.#editing.addSkill(add);
    this.drawNow();
    const field = this.query.get('field') ?? (add ? 'skills' : null);
    // The router moves the focus to the heading once the view is drawn; the field comes after it.
    if (field) setTimeout(() => document.getElementById(`field-${field}`)?.focus());
  }

  /** Words that others use; without them the form works as well. */
  async #readSuggestions() {
    try {
      const { body } = await get('/projects', { query: { limit: SUGGESTED_FROM }, signal: this.signal });
      this.#suggestions = {
        categories: [...new Set(body.items.map(({ category }) => category))].sort(),
        skills: [...new Set(body.items.flatMap(({ skills }) => skills))].sort(),
      };
      this.update();
    } catch (error) {
      if (!isAbort(error)) console.warn(error);
    }
  }

  /** @param {Event} event */
  #submit = (event) => {
    event.preventDefault();
    return this.#after(this.#editing?.save(this.signal));
  };

  /** @param {Promise<import('./editing.js').Outcome> | undefined} outcome */
  async #after(outcome) {
    this.#outcome = (await outcome) ?? null;
    if (!this.isConnected) return;
    this.drawNow();
    if (this.#outcome === 'refused') focusFirstError(this);
    else if (this.#outcome === 'merge') focusMergePanel(this);
    else /** @type {HTMLElement | null} */ (this.querySelector('.saved'))?.focus();
  }

  /** Throws the draft away and shows what is stored. */
  #startOver = async () => {
    this.#editing?.forget();
    this.#editing = null;
    this.#outcome = null;
    this.update();
    await this.#start();
    this.querySelector('h1')?.focus();
  };

  /** @param {Event} event */
  #typing = (event) => {
    if (event.type === 'input') {
      this.#outcome = null;
      this.#editing?.keepBase();
    }
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === 'skills') this.#typed = input.value.trim();
    this.update();
  };

  draw() {
    const { profile: sentences } = words();
    const { value, error } = this.#profile;
    const editing = this.#editing;
    if (!editing) {
      return h('div', { class: 'page' },
        h('h1', { class: 'page-title' }, words().shell.profile),
        value === undefined && error ? failed(error, () => this.#start()) : loading(2, 'page'));
    }
    return h('div', { class: 'page' },
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, sentences.lead),
      this.#outcome === 'saved' || this.#outcome === 'same' ? savedNote(this.#outcome) : null,
      h('form', {
        class: 'profile', key: 'profile', onsubmit: this.#submit, oninput: this.#typing, onfocusout: this.#typing,
        novalidate: true,
      }, this.#offer(editing), this.#advice(editing), this.#rest(editing)));
  }

  /** @param {Editing} editing */
  #offer({ form }) {
    const { profile: sentences } = words();
    return h('div', { class: 'profile-offer form' },
      draftNote(form, this.#startOver),
      h('h2', { class: 'section-title' }, sentences.offer),
      offerFields(form, this.#suggestions));
  }

  /** @param {Editing} editing */
  #advice(editing) {
    const { input, etag } = editing.base;
    return h('div', { class: 'profile-advice' }, h('pw-live-advice', {
      '.typed': this.#typed,
      '.skills': editing.form.values.skills,
      '.saved': input?.skills ?? null,
      '.version': etag ? `${session.account?.id} ${etag}` : '',
      '.add': (/** @type {string} */ skill) => editing.addSkill(skill),
    }));
  }

  /** @param {Editing} editing */
  #rest({ form, met }) {
    const { profile: sentences } = words();
    return h('div', { class: 'profile-rest form' },
      textFields(form),
      h('h2', { class: 'section-title' }, sentences.conditions),
      termFields(form),
      formFailure(form),
      met ? mergePanel(met.merge, {
        label: fieldLabel,
        show: fieldText,
        changed: () => this.update(),
        keep: () => this.#after(this.#editing?.saveMerge(this.signal)),
        discard: this.#startOver,
      }) : submitButton(form, sentences.save));
  }
}

/** @param {'saved' | 'same'} outcome */
function savedNote(outcome) {
  const { profile: sentences } = words();
  return h('div', { class: 'status-note saved', key: 'saved', role: 'status', tabindex: -1 },
    h('p', null, icon('check'), outcome === 'saved' ? sentences.saved : sentences.savedSame),
    h('p', { class: 'actions' },
      h('a', { class: 'button button-strong', href: href('my-matches') }, sentences.toMatches),
      h('a', { class: 'button button-quiet', href: href('freelancer', { id: session.account?.id ?? '' }) },
        sentences.toPublic)));
}

customElements.define('view-profile', ProfileView);
