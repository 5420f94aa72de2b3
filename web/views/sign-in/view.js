/** Sign-in. Afterwards the reader goes on where they wanted to be (`?next=`). */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { View } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, nextOr, router } from '../../core/router.js';
import { session } from '../../core/session.js';

export default class SignInView extends View {
  form = new Form({ email: '', password: '' }, { draft: 'sign-in', secrets: ['password'] });

  get title() {
    return words().account.signInTitle;
  }

  connected() {
    this.watch(this.form);
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    const done = await this.form.submit(async ({ email, password }) => {
      await session.signIn(email, password, this.signal);
      return true;
    });
    if (done) return router.go(nextOr('home'), { replace: true });
    this.drawNow();
    return focusFirstError(this);
  };

  draw() {
    const { account } = words();
    const next = this.query.get('next');
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'page-title' }, this.title),
      next ? h('p', { class: 'page-lead' }, account.signInFirst) : null,
      h('form', { class: 'form form-page', onsubmit: this.#submit, novalidate: true },
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
        formFailure(this.form),
        submitButton(this.form, account.signIn)),
      h('p', { class: 'form-aside' },
        h('a', { href: href('register', {}, { next }) }, account.noAccount)));
  }
}

customElements.define('view-sign-in', SignInView);
