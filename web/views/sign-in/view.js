/**
 * Sign-in: by password, in one step or two, or by a passkey. Afterwards the reader goes on where they wanted to be
 * (`?next=`).
 */
import { codeField, FIELDS, PASSWORD_AND_CODE, SECRETS, submitWithCode } from '../../components/code-step.js';
import '../../components/provider-buttons.js';
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { hasPasskeys, passkeyWords, signInWithPasskey } from '../../components/passkey.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, nextOr, router } from '../../core/router.js';
import { session } from '../../core/session.js';

export default class SignInView extends View {
  form = new Form({ email: '', ...PASSWORD_AND_CODE }, { draft: 'sign-in', secrets: SECRETS, fields: FIELDS });

  get title() {
    return words().account.signInTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const { step } = this.form.values;
    const done = await submitWithCode(this.form, async ({ email, password, code }) => {
      await session.signIn({ email, password, code }, this.signal);
      return true;
    });
    if (done) return router.go(nextOr('home'), { replace: true });
    this.drawNow();
    if (this.form.values.step !== step) return this.#focus('code');
    return focusFirstError(this);
  };

  #usePasskey = async () => {
    const done = await this.form.submit(async () => {
      await signInWithPasskey(this.signal);
      return true;
    });
    if (done) return router.go(nextOr('home'), { replace: true });
    return this.drawNow();
  };

  #back = () => {
    this.form.set('code', '');
    this.form.set('step', 'password');
    this.drawNow();
    this.#focus('password');
  };

  /** @param {string} name */
  #focus(name) {
    /** @type {HTMLElement | null} */ (this.querySelector(`[name=${name}]`))?.focus();
  }

  draw() {
    const { account } = words();
    const next = this.query.get('next');
    const wantsCode = this.form.values.step === 'code';
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title' }, this.title),
      this.#lead(next),
      h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
        wantsCode ? codeField(this.form) : this.#passwordFields(),
        formFailure(this.form),
        submitButton(this.form, account.signIn),
        wantsCode || !hasPasskeys ? null : h('button', {
          class: 'button button-quiet button-wide',
          type: 'button',
          'aria-disabled': this.form.busy ? 'true' : null,
          onclick: this.#usePasskey,
        }, passkeyWords().signIn),
        wantsCode
          ? h('button', { class: 'button button-plain', type: 'button', onclick: this.#back }, account.otherAccount)
          : null),
      wantsCode ? null : h('pw-provider-buttons', { '.next': nextOr('home') }),
      wantsCode ? null : h('p', { class: 'form-aside' },
        h('a', { href: href('forgot') }, account.forgot), ' ',
        h('a', { href: href('register', {}, { next }) }, account.noAccount)));
  }

  /** @param {string | null} next */
  #lead(next) {
    const { account } = words();
    const reason = /** @type {Record<string, string>} */ ({
      reset: account.resetDone,
      confirmed: account.confirmedSignIn,
    })[this.query.get('after') ?? ''];
    if (reason) return h('p', { class: 'status-note', role: 'status' }, reason);
    return next ? h('p', { class: 'page-lead' }, account.signInFirst) : null;
  }

  #passwordFields() {
    const { account } = words();
    return [
      textField(this.form, {
        name: 'email',
        label: account.email,
        type: 'email',
        autocomplete: 'username',
        required: true,
      }),
      textField(this.form, {
        name: 'password',
        label: account.password,
        type: 'password',
        autocomplete: 'current-password',
        required: true,
      }),
    ];
  }
}

customElements.define('view-sign-in', SignInView);
