/** The link of a letter leads here: choosing a new password. Afterwards every session of the account has ended. */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { empty } from '../../components/states.js';
import { put } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';

export default class ResetView extends View {
  form = new Form({ password: '' });

  get title() {
    return words().account.resetTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const done = await this.form.submit(async ({ password }) => {
      await put('/password-resets/{token}', { password }, { path: { token: this.params.token }, signal: this.signal });
      return true;
    });
    if (!done) {
      this.drawNow();
      return focusFirstError(this);
    }
    await session.check();
    // The link is used up, so it leaves the history.
    return router.go(href('sign-in', {}, { after: 'reset' }), { replace: true });
  };

  draw() {
    const { account } = words();
    const { failure } = this.form;
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title' }, this.title),
      failure instanceof Problem && failure.code === 'invalid_link'
        ? h('div', { role: 'alert' }, empty(account.linkTitle, account.resetLinkText,
          h('a', { class: 'button button-strong', href: href('forgot') }, account.newLetter),
          h('a', { class: 'button button-quiet', href: href('sign-in') }, account.signIn)))
        : [
          h('p', { class: 'page-lead' }, account.resetText),
          h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
            textField(this.form, {
              name: 'password',
              label: account.newPassword,
              hint: account.passwordHint,
              type: 'password',
              autocomplete: 'new-password',
              maxlength: 128,
              required: true,
            }),
            formFailure(this.form),
            submitButton(this.form, account.setPassword)),
        ]);
  }
}

customElements.define('view-reset', ResetView);
