/**
 * The way back from a provider. The address holds its answer, which leaves the history at once. The view sends it to
 * the operation that the visit was for, asks for a code of the second factor if need be, and goes on.
 */
import { codeField, FIELDS, PASSWORD_AND_CODE, submitWithCode } from '../../components/code-step.js';
import { focusFirstError, formFailure, submitButton } from '../../components/field.js';
import { withSentences } from '../../components/provider-problems.js';
import { loading } from '../../components/states.js';
import { post } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';
import { forgetVisit, visitTo } from '../../core/round-trip.js';
import { session } from '../../core/session.js';

export default class SignInWithView extends View {
  form = new Form(PASSWORD_AND_CODE, { fields: FIELDS });
  /** The provider's answer. @type {Record<string, string>} */
  #answer = {};
  /** @type {import('../../core/round-trip.js').Visit | null} */
  #visit = null;

  get title() {
    return words().signInWith.title;
  }

  connected() {
    this.watch(this.form);
    this.#answer = Object.fromEntries(this.query);
    this.#visit = visitTo(this.params.provider);
    history.replaceState(history.state, '', href('sign-in-with', this.params));
    if (this.#visit && this.#answer.authorization_code) this.#send();
  }

  /** @param {Event} event */
  #submit = (event) => {
    event.preventDefault();
    return this.#send();
  };

  async #send() {
    const visit = this.#visit;
    if (!visit) return;
    const { step } = this.form.values;
    const done = await submitWithCode(this.form, async ({ code }) => {
      await withSentences(() => this.#finish(visit, code));
      return true;
    });
    if (done) {
      forgetVisit();
      await router.go(visit.next, { replace: true });
      return;
    }
    this.drawNow();
    if (this.form.values.step === step) return focusFirstError(this);
    /** @type {HTMLElement | null} */ (this.querySelector('[name=code]'))?.focus();
  }

  /** @param {import('../../core/round-trip.js').Visit} visit @param {string} code */
  async #finish({ provider, purpose }, code) {
    const { signal } = this;
    const { state = '', authorization_code = '', iss } = this.#answer;
    const path = { id: provider };
    const body = { state, authorization_code, cookie: true, ...(iss ? { iss } : {}), ...(code ? { code } : {}) };
    if (purpose === 'sign-in') return session.open(() => post('/sessions/providers/{id}', body, { path, signal }));
    if (purpose === 'link') return post('/accounts/me/identities/{id}', body, { path, signal });
    return session.proveBy((token) =>
      post('/sessions/current/proof/providers/{id}', body, { path, signal, token }), signal);
  }

  draw() {
    return h('div', { class: 'page page-narrow' }, h('h1', { class: 'page-title' }, this.title), this.#content());
  }

  #content() {
    const { account } = words();
    const sentences = words().signInWith;
    const back = h('a', { class: 'button button-quiet', href: this.#back() }, sentences.back);
    if (!this.#visit) return [h('p', { class: 'status-note', role: 'alert' }, sentences.unfinished), back];
    if (!this.#answer.authorization_code) {
      return [h('p', { class: 'status-note', role: 'alert' }, sentences.cancelled), back];
    }
    if (this.form.values.step === 'code') {
      return h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
        codeField(this.form), formFailure(this.form), submitButton(this.form, account.signIn), back);
    }
    return this.form.failure ? h('div', { class: 'form' }, formFailure(this.form), back) : loading(1);
  }

  /** Where one begins once more. */
  #back() {
    return this.#visit && this.#visit.purpose !== 'sign-in' ? href('security') : href('sign-in');
  }
}

customElements.define('view-sign-in-with', SignInWithView);
