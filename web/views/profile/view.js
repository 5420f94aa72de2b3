/**
 * The profile editor. What is typed is kept over reloads; the version that it is based on is kept with it, so that a
 * change made elsewhere meanwhile is met as a merge and never overwritten unseen.
 */
import './live-advice.js';
import { focusFirstError, formFailure } from '../../components/field.js';
import { icon } from '../../components/icon.js';
import { focusMergePanel, mergePanel } from '../../components/merge-panel.js';
import { failed, loading } from '../../components/states.js';
import { get, put } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Draft } from '../../core/drafts.js';
import { Form } from '../../core/form.js';
import { languageName, list, money } from '../../core/format.js';
import { words } from '../../core/language.js';
import { Merge } from '../../core/merge.js';
import { isAbort, Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';
import { adoptSheet } from '../../core/sheet.js';
import { fieldLabel, offerFields, termFields, textFields } from './fields.js';
import { bodyOf, inputOf, newcomerValues, valuesOf } from './values.js';

await adoptSheet(import.meta.resolve('./profile.css'));

/** @typedef {import('../../api/call.js').Schema<'Freelancer'>} Freelancer */
/** @typedef {import('./values.js').FreelancerInput} FreelancerInput */
/** @typedef {{ etag: string | null, input: FreelancerInput | null }} Base What a change is based on; null for nothing. */

/** So many projects are read for the words that the form suggests. */
const SUGGESTED_FROM = 100;

export default class ProfileView extends View {
  #profile = new Resource((signal) => readProfile(signal));
  /** @type {Form<import('./values.js').Values> | null} */
  #form = null;
  /** The draft of what the change is based on. */
  #kept = new Draft('profile-base');
  /** @type {Base} */
  #base = { etag: null, input: null };
  /** @type {{ merge: Merge, etag: string | null, theirs: FreelancerInput } | null} */
  #merge = null;
  /** @type {'saved' | 'savedSame' | null} */
  #done = null;
  /** What is typed into the field of skills and not added yet. */
  #typed = '';
  /** @type {import('./fields.js').Suggestions} */
  #suggestions = { categories: [], skills: [] };

  get title() {
    return this.#base.input ? words().profile.editTitle : words().profile.newTitle;
  }

  connected() {
    this.watch(this.#profile, session);
    this.#start();
    this.#readSuggestions();
  }

  async #start() {
    await this.#profile.load(this.signal);
    const { value, etag } = this.#profile;
    if (value === undefined || this.#form) return;
    this.#open(value, etag);
    this.update();
  }

  /** @param {Freelancer | null} profile @param {string | null} etag */
  #open(profile, etag) {
    this.#form = new Form(profile ? valuesOf(profile) : newcomerValues(), { draft: 'profile' });
    this.watch(this.#form);
    const kept = /** @type {Base | null} */ (this.#kept.read());
    this.#base = this.#form.restored && kept ? kept : { etag, input: profile && inputOf(profile) };
    const add = this.query.get('add');
    if (add && !this.#form.values.skills.includes(add)) this.#set('skills', [...this.#form.values.skills, add]);
    const field = this.query.get('field') ?? (add ? 'skills' : null);
    if (field) {
      this.drawNow();
      // The router moves the focus to the heading once the view is drawn; the field comes after it.
      setTimeout(() => document.getElementById(`field-${field}`)?.focus());
    }
  }

  /** @template {keyof import('./values.js').Values & string} Name @param {Name} name @param {import('./values.js').Values[Name]} value */
  #set(name, value) {
    this.#form?.set(name, value);
    this.#keepBase();
  }

  /** A draft is worth nothing without the version that it is based on. */
  #keepBase() {
    this.#kept.write(this.#base);
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
  #submit = async (event) => {
    event.preventDefault();
    await this.#send((values) => bodyOf(values), this.#base.etag);
  };

  /**
   * @param {(values: import('./values.js').Values) => FreelancerInput} bodyOfValues
   * @param {string | null} etag The version that the change is based on; null makes the first profile.
   */
  async #send(bodyOfValues, etag) {
    const form = this.#form;
    if (!form) return;
    this.#done = null;
    const condition = etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag };
    /** @type {FreelancerInput | null} */
    let sent = null;
    const reply = await form.submit(async (values) => {
      sent = bodyOfValues(values);
      return put('/freelancers/me', sent, { ...condition, signal: this.signal });
    });
    if (reply) return this.#saved(reply.body, reply.etag, etag);
    if (sent && form.failure instanceof Problem && [409, 412].includes(form.failure.status)) return this.#meet(sent);
    this.drawNow();
    return focusFirstError(this);
  }

  /** @param {Freelancer} profile @param {string | null} etag @param {string | null} before */
  #saved(profile, etag, before) {
    this.#kept.clear();
    this.#merge = null;
    this.#base = { etag, input: inputOf(profile) };
    this.#form?.reset(valuesOf(profile));
    this.#profile.set(profile, etag);
    this.#done = etag === before ? 'savedSame' : 'saved';
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('.saved'))?.focus();
  }

  /** The profile is no longer the one that the change is based on. @param {FreelancerInput} mine */
  async #meet(mine) {
    try {
      const { body: profile, etag } = await readProfile(this.signal);
      const theirs = profile ? inputOf(profile) : null;
      if (!theirs || !profile) return;
      const merge = new Merge(this.#base.input ?? theirs, mine, theirs);
      // The reply to an earlier attempt was lost on the way: what is stored is what was sent.
      if (merge.conflicts.length === 0 && merge.taken.length === 0) return this.#saved(profile, etag, null);
      this.#merge = { merge, etag, theirs };
      if (this.#form) this.#form.failure = null;
      this.drawNow();
      focusMergePanel(this);
    } catch (error) {
      if (!isAbort(error)) this.#form?.refuse(error);
      this.drawNow();
    }
  }

  #keep = async () => {
    const met = this.#merge;
    if (!met || !this.#form) return;
    const values = /** @type {FreelancerInput} */ (met.merge.values);
    // From here on the change is based on what is stored now, whatever becomes of this attempt.
    this.#base = { etag: met.etag, input: met.theirs };
    this.#merge = null;
    for (const [name, value] of Object.entries(valuesOf(values))) {
      this.#set(/** @type {keyof import('./values.js').Values & string} */ (name), /** @type {any} */ (value));
    }
    await this.#send(() => values, met.etag);
  };

  #discard = () => {
    this.#merge = null;
    this.#startOver();
  };

  /** Throws the draft away and shows what is stored. */
  #startOver = async () => {
    this.#kept.clear();
    this.#form?.draft?.clear();
    this.#form = null;
    this.#done = null;
    this.update();
    await this.#start();
    this.querySelector('h1')?.focus();
  };

  /** @param {Event} event */
  #input = (event) => {
    this.#done = null;
    this.#keepBase();
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === 'skills') this.#typed = input.value.trim();
    this.update();
  };

  /** @param {string} skill */
  #add = (skill) => {
    const skills = this.#form?.values.skills ?? [];
    if (!skills.includes(skill)) this.#set('skills', [...skills, skill]);
  };

  draw() {
    const { profile: sentences } = words();
    const { value, error, retry } = this.#profile;
    if (value === undefined && error) {
      return h('div', { class: 'page' }, h('h1', { class: 'page-title' }, sentences.menu), failed(error, retry));
    }
    if (!this.#form) return h('div', { class: 'page' }, h('h1', { class: 'page-title' }, sentences.menu), loading(2, 'page'));
    return h('div', { class: 'page' },
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, sentences.lead),
      this.#done ? this.#savedNote(this.#done) : null,
      this.#editor(this.#form));
  }

  /** @param {Form<import('./values.js').Values>} form */
  #editor(form) {
    const { common, profile: sentences } = words();
    return h('form', {
      class: 'profile', key: 'profile', onsubmit: this.#submit, oninput: this.#input, onfocusout: this.#input,
      novalidate: true,
    },
    h('div', { class: 'profile-offer form' },
      form.restored ? h('p', { class: 'draft-note', key: 'draft' }, common.draftRestored,
        h('button', { class: 'button button-plain', type: 'button', onclick: this.#startOver }, common.draftDiscard)) : null,
      h('h2', { class: 'section-title' }, sentences.offer),
      offerFields(form, this.#suggestions)),
    h('aside', { class: 'profile-advice', 'aria-label': sentences.advice },
      h('pw-live-advice', {
        '.typed': this.#typed,
        '.skills': form.values.skills,
        '.saved': this.#base.input?.skills ?? null,
        '.version': this.#base.etag ? `${session.account?.id} ${this.#base.etag}` : '',
        '.add': this.#add,
      })),
    h('div', { class: 'profile-rest form' },
      textFields(form),
      h('h2', { class: 'section-title' }, sentences.conditions),
      termFields(form),
      formFailure(form),
      this.#merge ? mergePanel(this.#merge.merge, {
        label: fieldLabel,
        show,
        changed: () => this.update(),
        keep: this.#keep,
        discard: this.#discard,
      }) : h('button', {
        class: 'button button-strong', key: 'save', type: 'submit', 'aria-disabled': form.busy ? 'true' : null,
      }, form.busy ? common.sending : sentences.save)));
  }

  /** @param {'saved' | 'savedSame'} done */
  #savedNote(done) {
    const { profile: sentences } = words();
    return h('div', { class: 'status-note saved', key: 'saved', role: 'status', tabindex: -1 },
      h('p', null, icon('check'), ' ', sentences[done]),
      h('p', { class: 'actions' },
        h('a', { class: 'button button-strong', href: href('my-matches') }, sentences.toMatches),
        h('a', { class: 'button button-quiet', href: router.href('freelancer', { id: session.account?.id ?? '' }) },
          sentences.toPublic)));
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import('../../api/call.js').Reply<Freelancer | null>>} null for an account without a profile.
 */
async function readProfile(signal) {
  try {
    return await get('/freelancers/me', { signal });
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return { status: 404, body: null, etag: null };
    throw error;
  }
}

/** A field's value as text, for the merge. @param {string} name @param {any} value */
function show(name, value) {
  if (value === null || value === undefined) return '';
  if (name === 'hourly_rate') return words().common.anHour(money(value));
  if (name === 'languages') return list(value.map(languageName));
  return Array.isArray(value) ? list(value) : String(value);
}

customElements.define('view-profile', ProfileView);
