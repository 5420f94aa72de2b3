/**
 * The link of a letter leads here: confirming an address, for a new account or for an account that moves to it.
 *
 * It asks for the account's password, so that a letter which somebody else has asked for opens nothing of theirs. And
 * it takes a press of a button, because programs that look at letters for viruses follow their links.
 */
import { empty } from '../../components/states.js';
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { put } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Draft } from '../../core/drafts.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';

export default class ConfirmView extends View {
  form = new Form({ password: '' });
  /** The address that counts now, for an account that had another. */
  #moved = '';

  get title() {
    return words().account.confirmTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const path = { token: this.params.token };
    const reply = await this.form.submit(({ password }) =>
      put('/email-confirmations/{token}', { password }, { path, signal: this.signal }));
    if (!reply) {
      this.drawNow();
      focusFirstError(this);
      return;
    }
    const { email } = reply.body;
    if (reply.status === 201) {
      new Draft('sign-in').write({ email });
      // The link is used up, so it leaves the history.
      router.go(href('sign-in', {}, { after: 'confirmed' }), { replace: true });
      return;
    }
    this.#moved = email;
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('h1'))?.focus();
  };

  draw() {
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title', tabindex: -1 }, this.title), this.#content());
  }

  #content() {
    const { account } = words();
    const { failure } = this.form;
    if (this.#moved) {
      return h('div', { role: 'status' }, empty(this.#moved, account.movedText,
        h('a', { class: 'button button-strong', href: href('account') }, account.title)));
    }
    if (failure instanceof Problem && failure.code === 'invalid_link') {
      return h('div', { role: 'alert' }, empty(account.linkTitle, account.confirmLinkText,
        h('a', { class: 'button button-strong', href: href('sign-in') }, account.signIn),
        h('a', { class: 'button button-quiet', href: href('register') }, account.register)));
    }
    return [
      h('p', { class: 'page-lead' }, account.confirmText),
      h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
        textField(this.form, {
          name: 'password',
          label: account.password,
          hint: account.confirmPasswordHint,
          type: 'password',
          autocomplete: 'current-password',
          maxlength: 128,
          required: true,
        }),
        formFailure(this.form), submitButton(this.form, account.confirm)),
    ];
  }
}

customElements.define('view-confirm', ConfirmView);
