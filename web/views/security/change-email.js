/** `<pw-change-email>`: the present address, and another one, which counts after a letter to it was answered. */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { failed } from '../../components/states.js';
import { get, put } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { done } from './done.js';

class ChangeEmail extends Component {
  #form = new Form({ email: '' }, { scope: 'new-email' });
  #account = new Resource((signal) => get('/accounts/me', { signal }));
  /** The address that a letter goes to. */
  #sent = '';

  connected() {
    this.watch(this.#form, this.#account);
    this.#account.load(this.signal);
    // The link of the letter opens in another tab.
    document.addEventListener('visibilitychange', () => {
      if (this.#sent && !document.hidden) this.#account.load(this.signal);
    }, { signal: this.signal });
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    this.#sent = '';
    const { email } = this.#form.values;
    const reply = await this.#form.submit((body) => put('/accounts/me/email', body, { signal: this.signal }));
    if (reply) {
      this.#sent = email;
      this.#form.reset();
    }
    this.drawNow();
    focusFirstError(this);
  };

  draw() {
    const { security, account } = words();
    const { value, error, retry } = this.#account;
    if (error && !value) return failed(error, retry);
    return h('form', { class: 'form panel', onsubmit: this.#submit, novalidate: true },
      h('p', { class: 'panel-text' }, security.emailNow, ' ',
        h('strong', { dir: 'ltr', class: 'email-now' }, value?.email ?? '…')),
      textField(this.#form, {
        name: 'email',
        label: security.newEmail,
        hint: security.newEmailHint,
        type: 'email',
        autocomplete: 'email',
        maxlength: 254,
        required: true,
      }),
      formFailure(this.#form),
      submitButton(this.#form, account.sendLetter),
      done(this.#sent && security.emailSent(this.#sent)));
  }
}

customElements.define('pw-change-email', ChangeEmail);
