/**
 * `<pw-renew-dialog>` and `<pw-prove-dialog>`: they ask for the password over the view that the person is in, and for a
 * code if the account has a second factor. A passkey takes the place of both. The draft of the view stays, and the
 * calls that wait go on afterwards.
 */
import { Component } from '../core/component.js';
import { Form } from '../core/form.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { session } from '../core/session.js';
import { codeField, FIELDS, PASSWORD_AND_CODE, submitWithCode } from './code-step.js';
import { focusFirstError, formFailure, submitButton, textField } from './field.js';
import { hasPasskeys, passkeyWords, proveWithPasskey, signInWithPasskey } from './passkey.js';
import './provider-buttons.js';

/** @typedef {typeof PASSWORD_AND_CODE & { email: string }} Values */

/** What both dialogs share. */
export class IdentityDialog extends Component {
  /** @type {Form<Values>} */
  form;
  #open = false;

  /** @param {string} scope */
  constructor(scope) {
    super();
    this.form = new Form({ email: '', ...PASSWORD_AND_CODE }, { scope, fields: FIELDS });
  }

  /** The sentences of the dialog. @returns {{ title: string, text: string, cancel: string }} */
  get sentences() {
    return { title: '', text: '', cancel: '' };
  }

  /** What stands above the password. @returns {import('../core/description.js').Children} */
  whose() {
    return null;
  }

  /** Sends what was typed. @param {Values} _values @returns {Promise<void>} */
  async send(_values) {}

  /** Lets a passkey answer in place of what is typed. @returns {Promise<void>} */
  async sendPasskey() {}

  /** The person does not want to. */
  cancel() {}

  connected() {
    this.watch(this.form);
  }

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'));
  }

  show() {
    this.form.reset();
    this.#open = true;
    this.drawNow();
    this.#dialog?.showModal();
  }

  hide() {
    this.#dialog?.close();
    this.#open = false;
    this.form.reset();
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const before = this.form.values.step;
    await submitWithCode(this.form, (values) => this.send(values));
    this.drawNow();
    if (this.form.values.step === before) return focusFirstError(this);
    return /** @type {HTMLElement | null} */ (this.querySelector('[name=code]'))?.focus();
  };

  #usePasskey = async () => {
    await this.form.submit(() => this.sendPasskey());
    this.drawNow();
  };

  draw() {
    const { title, text, cancel } = this.sentences;
    const { form } = this;
    const id = `${form.scope}-title`;
    return h('dialog', { class: 'dialog', 'aria-labelledby': id, oncancel: () => this.cancel() },
      this.#open ? h('form', { class: 'form', onsubmit: this.#submit, novalidate: true },
        h('h2', { id, class: 'dialog-title' }, title),
        h('p', { class: 'dialog-text' }, text),
        form.values.step === 'code' ? codeField(form) : [this.whose(), textField(form, {
          name: 'password', label: words().account.password, type: 'password', autocomplete: 'current-password',
          required: true, autofocus: true,
        })],
        formFailure(form),
        h('div', { class: 'actions' },
          submitButton(form, words().shell.goOn),
          hasPasskeys ? h('button', {
            class: 'button button-quiet', type: 'button', onclick: this.#usePasskey,
            'aria-disabled': form.busy ? 'true' : null,
          }, passkeyWords().prove) : null,
          h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.cancel() }, cancel))) : null);
  }
}

/** Asks for a new sign-in when the session has ended. */
export class RenewDialog extends IdentityDialog {
  constructor() {
    super('renew');
  }

  connected() {
    super.connected();
    session.addEventListener('renew-answered', () => this.hide(), { signal: this.signal });
  }

  get sentences() {
    const { shell, account } = words();
    return { title: shell.endedTitle, text: shell.endedText, cancel: account.signOut };
  }

  /** The address may be unknown after a reload, and another one may count by now. */
  whose() {
    return textField(this.form, {
      name: 'email', label: words().account.email, type: 'email', autocomplete: 'username', required: true,
      autofocus: session.email === null,
    });
  }

  show() {
    super.show();
    if (session.email !== null) this.form.set('email', session.email);
  }

  /** @param {Values} credentials */
  send(credentials) {
    return session.signIn(credentials, this.signal);
  }

  sendPasskey() {
    return signInWithPasskey(this.signal);
  }

  cancel() {
    session.giveUp();
  }
}

/** Asks for a proof of identity before a sensitive act. */
export class ProveDialog extends IdentityDialog {
  constructor() {
    super('prove');
  }

  connected() {
    super.connected();
    session.addEventListener('prove-answered', () => this.hide(), { signal: this.signal });
  }

  get sentences() {
    const { security, common } = words();
    return { title: security.proveTitle, text: security.proveText, cancel: common.cancel };
  }

  /** An account without a password proves itself at a provider. */
  whose() {
    return h('pw-provider-buttons', { '.purpose': 'proof', '.next': location.hash });
  }

  /** @param {Values} values */
  send({ password, code }) {
    return session.prove({ password, code }, this.signal);
  }

  sendPasskey() {
    return proveWithPasskey(this.signal);
  }

  cancel() {
    session.withhold();
  }
}

customElements.define('pw-renew-dialog', RenewDialog);
customElements.define('pw-prove-dialog', ProveDialog);
