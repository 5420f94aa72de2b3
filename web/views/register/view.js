/** Registration. It opens the account and signs in at once, or a letter goes to the address first. */
import '../../components/provider-buttons.js';
import { draftNote, focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { focusLetterSent, letterSent } from '../../components/letter-sent.js';
import { post } from '../../core/api.js';
import { View } from '../../core/component.js';
import { Draft } from '../../core/drafts.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, nextOr, router } from '../../core/router.js';
import { session } from '../../core/session.js';

/** The draft of a registration. Its key survives a reload, so one registration makes one account. */
const DRAFT = 'register';

export default class RegisterView extends View {
  form = new Form({ display_name: '', email: '', password: '' }, { draft: DRAFT, secrets: ['password'] });
  /** The address that a letter goes to. */
  #sent = '';

  get title() {
    return words().account.registerTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const done = await this.form.submit(async (values) => {
      const idempotencyKey = await new Draft(DRAFT).key(values);
      const { status } = await post('/accounts', values, { signal: this.signal, idempotencyKey });
      if (status === 202) return 'letter';
      await session.signIn(values, this.signal);
      return 'signed-in';
    });
    if (done === 'signed-in') return router.go(nextOr('account'), { replace: true });
    if (done === 'letter') {
      this.#sent = this.form.values.email;
      this.form.reset();
    }
    this.drawNow();
    return done ? focusLetterSent(this) : focusFirstError(this);
  };

  draw() {
    const { account } = words();
    if (this.#sent) {
      return h('div', { class: 'page page-narrow' },
        h('h1', { class: 'page-title' }, this.title),
        letterSent(account.registerSent, this.#sent,
          h('a', { class: 'button button-quiet', href: href('sign-in') }, account.toSignIn)));
    }
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, account.registerText),
      h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
        draftNote(this.form),
        textField(this.form, {
          name: 'display_name',
          label: account.displayName,
          hint: account.displayNameHint,
          autocomplete: 'name',
          maxlength: 80,
          dir: 'auto',
          required: true,
        }),
        textField(this.form, {
          name: 'email',
          label: account.email,
          type: 'email',
          autocomplete: 'username',
          maxlength: 254,
          required: true,
        }),
        textField(this.form, {
          name: 'password',
          label: account.password,
          hint: account.passwordHint,
          type: 'password',
          autocomplete: 'new-password',
          maxlength: 128,
          required: true,
        }),
        formFailure(this.form),
        submitButton(this.form, account.register)),
      h('pw-provider-buttons', { '.next': nextOr('account') }),
      h('p', { class: 'form-aside' },
        h('a', { href: href('sign-in', {}, { next: this.query.get('next') }) }, account.haveAccount)));
  }
}

customElements.define('view-register', RegisterView);
