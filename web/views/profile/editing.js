/**
 * The state of the profile editor: the form, the version that it is based on, and the merge after somebody else's
 * change. What is typed is kept over reloads together with that version, so that a change made elsewhere meanwhile is
 * met as a merge and never overwritten unseen. A `change` event follows each turn.
 */
import { get, put } from '../../core/api.js';
import { Draft } from '../../core/drafts.js';
import { Form } from '../../core/form.js';
import { Merge } from '../../core/merge.js';
import { isAbort, Problem } from '../../core/problem.js';
import { bodyOf, inputOf, newcomerValues, valuesOf } from './values.js';

/** @typedef {import('../../api/call.js').Schema<'Freelancer'>} Freelancer */
/** @typedef {import('./values.js').FreelancerInput} FreelancerInput */
/** @typedef {import('./values.js').Values} Values */
/**
 * What a change is based on; null for nothing.
 *
 * @typedef {{ etag: string | null, input: FreelancerInput | null }} Base
 */
/** @typedef {'saved' | 'same' | 'merge' | 'refused'} Outcome */

export class Editing extends EventTarget {
  /** The draft of what the change is based on. */
  #kept = new Draft('profile-base');
  /** @type {Form<Values>} */
  form;
  /** @type {Base} */
  base;
  /** @type {{ merge: Merge, etag: string | null, theirs: FreelancerInput } | null} */
  met = null;

  /** @param {Freelancer | null} profile null for an account without one. @param {string | null} etag */
  constructor(profile, etag) {
    super();
    this.form = new Form(profile ? valuesOf(profile) : newcomerValues(), { draft: 'profile' });
    this.form.addEventListener('change', () => this.#changed());
    const kept = /** @type {Base | null} */ (this.#kept.read());
    this.base = this.form.restored && kept ? kept : { etag, input: profile && inputOf(profile) };
  }

  /** @template {keyof Values & string} Name @param {Name} name @param {Values[Name]} value */
  set(name, value) {
    this.form.set(name, value);
    this.keepBase();
  }

  /** Adds a skill, unless it is there. @param {string} skill */
  addSkill(skill) {
    const { skills } = this.form.values;
    if (!skills.includes(skill)) this.set('skills', [...skills, skill]);
  }

  /** A draft is worth nothing without the version that it is based on. */
  keepBase() {
    this.#kept.write(this.base);
  }

  /** Throws away what was typed. */
  forget() {
    this.#kept.clear();
    this.form.draft?.clear();
  }

  /** Sends what the form holds. @param {AbortSignal} signal @returns {Promise<Outcome>} */
  save(signal) {
    return this.#send(bodyOf, this.base.etag, signal);
  }

  /** Sends the merge, as the person decided it. @param {AbortSignal} signal @returns {Promise<Outcome>} */
  saveMerge(signal) {
    const { met } = this;
    if (!met) return this.save(signal);
    const values = /** @type {FreelancerInput} */ (met.merge.values);
    // From here on the change is based on what is stored now, whatever becomes of this attempt.
    this.base = { etag: met.etag, input: met.theirs };
    this.met = null;
    for (const [name, value] of Object.entries(valuesOf(values))) {
      this.set(/** @type {keyof Values & string} */ (name), /** @type {any} */ (value));
    }
    return this.#send(() => values, met.etag, signal);
  }

  /**
   * @param {(values: Values) => FreelancerInput} body
   * @param {string | null} etag The version that the change is based on; null makes the first profile.
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async #send(body, etag, signal) {
    const { form } = this;
    const condition = etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag };
    /** @type {FreelancerInput | null} */
    let sent = null;
    const reply = await form.submit(async (values) => {
      sent = body(values);
      return put('/freelancers/me', sent, { ...condition, signal });
    });
    if (reply) return this.#saved(reply.body, reply.etag, etag);
    const { failure } = form;
    if (sent && failure instanceof Problem && [409, 412].includes(failure.status)) return this.#meet(sent, signal);
    return 'refused';
  }

  /** @param {Freelancer} profile @param {string | null} etag @param {string | null} before @returns {Outcome} */
  #saved(profile, etag, before) {
    this.#kept.clear();
    this.met = null;
    this.base = { etag, input: inputOf(profile) };
    this.form.reset(valuesOf(profile));
    return etag === before ? 'same' : 'saved';
  }

  /**
   * The profile is no longer the one that the change is based on.
   *
   * @param {FreelancerInput} mine
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async #meet(mine, signal) {
    try {
      const { body: profile, etag } = await readProfile(signal);
      if (!profile) return 'refused';
      const theirs = inputOf(profile);
      const merge = new Merge(this.base.input ?? theirs, mine, theirs);
      // The reply to an earlier attempt was lost on its way: what is stored is what was sent.
      if (merge.conflicts.length === 0 && merge.taken.length === 0) return this.#saved(profile, etag, null);
      this.met = { merge, etag, theirs };
      this.form.failure = null;
      this.#changed();
      return 'merge';
    } catch (error) {
      if (!isAbort(error)) this.form.refuse(error);
      this.#changed();
      return 'refused';
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import('../../api/call.js').Reply<Freelancer | null>>} null for an account without a profile.
 */
export async function readProfile(signal) {
  try {
    return await get('/freelancers/me', { signal });
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return { status: 404, body: null, etag: null };
    throw error;
  }
}
