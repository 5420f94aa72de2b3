/**
 * The state of a form: values, wrong fields, the draft, the submission.
 *
 * A view makes one `Form`, draws fields from it (components/field.js) and calls `submit`. Refusals of the API land at
 * their fields by the pointers of the problem document; the focus moves to the first wrong field. A `change` event
 * follows each turn, so a view passes the form to `watch`.
 */
import { Draft } from './drafts.js';
import { isAbort, Problem, sentenceOf, sentenceOfViolation } from './problem.js';

/**
 * @template {Record<string, any>} Values
 */
export class Form extends EventTarget {
  #secrets;
  #initial;
  #fields;
  /** Begins the ids of the fields. Two forms of one page have two scopes. @type {string} */
  scope;
  /** @type {Draft | null} */
  draft;
  /** @type {Values} */
  values;
  /** Sentences by JSON pointer: `/email`, `/skills/0`. @type {Map<string, string>} */
  errors = new Map();
  /** Why the last submission failed, other than by its fields. @type {unknown} */
  failure = null;
  /** Whether a submission is on its way. */
  busy = false;
  /** Whether the values came from a draft. */
  restored = false;
  /** Grows with each refusal; views use it to move the focus. */
  refusals = 0;

  /**
   * @param {Values} initial
   * @param {object} [options]
   * @param {string} [options.draft] The name of the draft. Without one, nothing is kept.
   * @param {(keyof Values & string)[]} [options.secrets] Fields that a draft never holds.
   * @param {Record<string, keyof Values & string>} [options.fields] Problems, by code, that are about one field.
   * @param {string} [options.scope]
   */
  constructor(initial, { draft, secrets = [], fields = {}, scope = 'field' } = {}) {
    super();
    this.#fields = fields;
    this.scope = scope;
    this.#initial = initial;
    this.#secrets = new Set(secrets);
    this.draft = draft ? new Draft(draft) : null;
    const kept = this.draft?.read() ?? null;
    this.values = { ...initial, ...kept };
    this.restored = kept !== null;
  }

  /**
   * Takes what a person typed.
   *
   * @template {keyof Values & string} Name
   * @param {Name} name
   * @param {Values[Name]} value
   */
  set(name, value) {
    this.values = { ...this.values, [name]: value };
    // A field is no longer called wrong once it changes.
    for (const pointer of this.errors.keys()) {
      if (pointer === `/${name}` || pointer.startsWith(`/${name}/`)) this.errors.delete(pointer);
    }
    const open = Object.entries(this.values).filter(([field]) => !this.#secrets.has(field));
    this.draft?.write(Object.fromEntries(open));
    this.#changed();
  }

  /** The sentence of the first wrong place at or under a field. @param {string} name @returns {string | null} */
  errorOf(name) {
    for (const [pointer, sentence] of this.errors) {
      if (pointer === `/${name}` || pointer.startsWith(`/${name}/`)) return sentence;
    }
    return null;
  }

  /** Throws the draft away and starts over. @param {Values} [values] */
  reset(values = this.#initial) {
    this.draft?.clear();
    this.values = { ...values };
    this.errors.clear();
    this.failure = null;
    this.restored = false;
    this.#changed();
  }

  /**
   * Sends the form, unless it is on its way. The draft is cleared after success.
   *
   * @template Result
   * @param {(values: Values) => Promise<Result>} send
   * @returns {Promise<Result | undefined>} undefined after a refusal; `errors` and `failure` say why.
   */
  async submit(send) {
    if (this.busy) return undefined;
    this.busy = true;
    this.errors.clear();
    this.failure = null;
    this.#changed();
    try {
      const result = await send(this.values);
      this.draft?.clear();
      this.restored = false;
      return result;
    } catch (error) {
      if (!isAbort(error)) this.refuse(error);
      return undefined;
    } finally {
      this.busy = false;
      this.#changed();
    }
  }

  /** Shows a refusal. @param {unknown} error */
  refuse(error) {
    this.refusals += 1;
    const field = error instanceof Problem ? this.#fields[error.code] : undefined;
    if (field) {
      this.errors.set(`/${field}`, sentenceOf(error));
      return;
    }
    if (error instanceof Problem) {
      for (const violation of error.violations) {
        if (!this.errors.has(violation.pointer)) this.errors.set(violation.pointer, sentenceOfViolation(violation));
      }
    }
    this.failure = error;
  }

  /** The failure in words, or null. */
  get failureSentence() {
    return this.failure ? sentenceOf(this.failure) : null;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
