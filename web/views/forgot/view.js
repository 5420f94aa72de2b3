/** A new password for somebody who forgot the old one: asks for the address, to which a letter goes. */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { focusLetterSent, letterSent } from '../../components/letter-sent.js';
import { post } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';

export default class ForgotView extends View {
  // The address that was typed at the sign-in is here, too.
  form = new Form({ email: '' }, { draft: 'sign-in' });
  /** The address that the letter goes to. */
  #sent = '';

  get title() {
    return words().account.forgotTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const email = await this.form.submit(async ({ email: typed }) => {
      await post('/password-resets', { email: typed }, { signal: this.signal });
      return typed;
    });
    if (email) this.#sent = email;
    this.drawNow();
    if (email) focusLetterSent(this);
    else focusFirstError(this);
  };

  draw() {
    const { account } = words();
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title' }, this.title),
      this.#sent ? letterSent(account.forgotSent, this.#sent,
        h('button', { class: 'button button-quiet', type: 'button', onclick: this.#again }, account.sendAgain))
        : [
          h('p', { class: 'page-lead' }, account.forgotText),
          h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
            textField(this.form, {
              name: 'email',
              label: account.email,
              type: 'email',
              autocomplete: 'username',
              required: true,
            }),
            formFailure(this.form),
            submitButton(this.form, account.sendLetter)),
        ],
      h('p', { class: 'form-aside' }, h('a', { href: href('sign-in') }, account.toSignIn)));
  }

  #again = () => {
    this.form.set('email', this.#sent);
    this.#sent = '';
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('[name=email]'))?.focus();
  };
}

customElements.define('view-forgot', ForgotView);
