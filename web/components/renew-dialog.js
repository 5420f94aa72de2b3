/**
 * `<pw-renew-dialog>`: asks for the password again when the session has ended, over the view that the person is in.
 * Their draft stays, and the calls that met the end go on after the sign-in.
 */
import { Component } from '../core/component.js';
import { Form } from '../core/form.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { session } from '../core/session.js';
import { focusFirstError, formFailure, submitButton, textField } from './field.js';

export class RenewDialog extends Component {
  #form = new Form({ password: '' });
  #open = false;

  connected() {
    this.watch(this.#form);
    session.addEventListener('change', () => this.#hide(), { signal: this.signal });
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'));
  }

  show() {
    this.#open = true;
    this.drawNow();
    this.#dialog?.showModal();
  }

  #hide() {
    this.#dialog?.close();
    this.#open = false;
    this.#form.reset();
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const email = session.account?.email ?? '';
    await this.#form.submit(({ password }) => session.signIn(email, password, this.signal));
    this.drawNow();
    focusFirstError(this);
  };

  draw() {
    const { shell } = words();
    const account = session.account;
    return h('dialog', { class: 'dialog', 'aria-labelledby': 'renew-title', oncancel: () => session.giveUp() },
      this.#open && account ? h('form', { class: 'form', onsubmit: this.#submit },
        h('h2', { id: 'renew-title', class: 'dialog-title' }, shell.endedTitle),
        h('p', { class: 'dialog-text' }, shell.endedText),
        h('input', { type: 'email', class: 'input', name: 'email', autocomplete: 'username', readonly: true,
          'aria-label': words().account.email, '.value': account.email }),
        textField(this.#form, {
          name: 'password', label: words().account.password, type: 'password', autocomplete: 'current-password',
          required: true, autofocus: true,
        }),
        formFailure(this.#form),
        h('div', { class: 'actions' },
          submitButton(this.#form, shell.goOn),
          h('button', { class: 'button button-quiet', type: 'button', onclick: () => session.giveUp() },
            words().account.signOut))) : null);
  }
}

customElements.define('pw-renew-dialog', RenewDialog);
