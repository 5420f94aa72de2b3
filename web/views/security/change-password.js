/** `<pw-change-password>`: a new password. It fires `changed` afterwards, since the other devices are signed out. */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { put } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { done } from './done.js';

class ChangePassword extends Component {
  #form = new Form({ current_password: '', password: '' }, { scope: 'new-password' });
  #changed = false;

  connected() {
    this.watch(this.#form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    this.#changed = false;
    const reply = await this.#form.submit((body) => put('/accounts/me/password', body, { signal: this.signal }));
    if (reply) {
      this.#changed = true;
      this.#form.reset();
      this.dispatchEvent(new Event('changed'));
    }
    this.drawNow();
    focusFirstError(this);
  };

  draw() {
    const { security, account } = words();
    return h('form', { class: 'form panel', onsubmit: this.#submit, novalidate: true },
      h('p', { class: 'panel-text' }, security.passwordText),
      textField(this.#form, {
        name: 'current_password',
        label: security.currentPassword,
        type: 'password',
        autocomplete: 'current-password',
        maxlength: 128,
        required: true,
      }),
      textField(this.#form, {
        name: 'password',
        label: account.newPassword,
        hint: account.passwordHint,
        type: 'password',
        autocomplete: 'new-password',
        maxlength: 128,
        required: true,
      }),
      formFailure(this.#form),
      submitButton(this.#form, security.changePassword),
      done(this.#changed && security.passwordChanged));
  }
}

customElements.define('pw-change-password', ChangePassword);
