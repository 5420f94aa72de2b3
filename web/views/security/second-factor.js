/**
 * `<pw-second-factor>`: adds and removes an authenticator app, and makes new recovery codes.
 *
 * Set `account`, a `Resource` of one's own account, which says whether there is an app. It fires `changed` after each
 * change. Where the app was added on another device meanwhile, this part turns to its removal.
 */
import { codeField, FIELDS, PASSWORD_AND_CODE } from '../../components/code-step.js';
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { post, remove } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { copyButton } from './copy-button.js';
import { done } from './done.js';
import { recoveryCodes } from './recovery-codes.js';

/** @typedef {'closed' | 'scan' | 'codes' | 'remove'} Step */

/** @typedef {import('../../api/call.js').Schema<'MyAccount'>} MyAccount */

class SecondFactor extends Component {
  /** The view that draws this part gives the account. */
  account = /** @type {import('../../core/resource.js').Resource<MyAccount>} */ (/** @type {unknown} */ (null));
  /** @type {Step} */
  #step = 'closed';
  /** @type {import('../../api/call.js').Schema<'TotpBody'> | null} */
  #app = null;
  /** @type {string[]} */
  #codes = [];
  /** What was done last. @type {'added' | 'removed' | null} */
  #outcome = null;
  #form = new Form(PASSWORD_AND_CODE, { scope: 'factor', fields: FIELDS });

  connected() {
    this.watch(this.#form);
    this.watch(this.account);
  }

  /** Asks for a new app. */
  #add = async () => {
    const reply = await this.#form.submit(async () => {
      try {
        return await post('/accounts/me/totp', undefined, { signal: this.signal });
      } catch (error) {
        if (error instanceof Problem && error.code === 'totp_exists') return 'exists';
        throw error;
      }
    });
    if (reply === 'exists') return this.#goTo('remove');
    if (!reply) return this.drawNow();
    this.#app = reply.body;
    return this.#goTo('scan');
  };

  /** @param {Event} event */
  #confirm = async (event) => {
    event.preventDefault();
    const reply = await this.#form.submit(({ code }) =>
      post('/accounts/me/totp/confirm', { code: code.trim() }, { signal: this.signal }));
    if (!reply) return this.#refused();
    this.#app = null;
    this.#codes = reply.body.recovery_codes;
    this.dispatchEvent(new Event('changed'));
    return this.#goTo('codes');
  };

  /** Makes new recovery codes. */
  #renew = async () => {
    const reply = await this.#form.submit(() =>
      post('/accounts/me/recovery-codes', undefined, { signal: this.signal }));
    if (!reply) return this.drawNow();
    this.#codes = reply.body.recovery_codes;
    this.dispatchEvent(new Event('changed'));
    return this.#goTo('codes');
  };

  /** @param {Event} event */
  #remove = async (event) => {
    event.preventDefault();
    const reply = await this.#form.submit(({ code }) =>
      remove('/accounts/me/totp', { code: code.trim() }, { signal: this.signal }));
    if (!reply) return this.#refused();
    this.dispatchEvent(new Event('changed'));
    return this.#close('removed');
  };

  /** @param {'added' | 'removed' | null} outcome */
  #close = (outcome = null) => {
    this.#app = null;
    this.#codes = [];
    this.#goTo('closed');
    this.#outcome = outcome;
    this.drawNow();
  };

  #refused() {
    this.drawNow();
    focusFirstError(this);
  }

  /** Turns to a step and moves the focus to its beginning. @param {Step} step */
  #goTo(step) {
    this.#step = step;
    this.#outcome = null;
    this.#form.reset();
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('[data-start]'))?.focus();
  }

  draw() {
    const { security } = words();
    /** @type {Record<Step, () => import('../../core/description.js').Children>} */
    const steps = {
      closed: () => this.#closed(),
      scan: () => this.#scan(),
      codes: () => this.#kept(),
      remove: () => this.#removal(),
    };
    const sentences = { added: security.factorAdded, removed: security.factorRemoved };
    return h('div', { class: 'panel form' },
      steps[this.#step](),
      done(this.#outcome && sentences[this.#outcome]));
  }

  #closed() {
    const { security } = words();
    const account = this.account.value;
    // An account that could not be read may have an app or not.
    const [mayAdd, mayRemove] = account ? [!account.has_second_factor, account.has_second_factor]
      : this.account.error ? [true, true] : [false, false];
    return [
      h('p', { class: 'panel-text' }, security.factorText),
      account?.has_second_factor
        ? h('p', { class: 'panel-text' }, security.codesLeft(account.recovery_codes_left)) : null,
      formFailure(this.#form),
      h('div', { class: 'actions' },
        mayAdd ? this.#button(security.addApp, this.#add) : null,
        mayRemove ? [
          account ? this.#button(security.newCodes, this.#renew) : null,
          h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.#goTo('remove') },
            security.removeApp),
        ] : null),
    ];
  }

  /** @param {string} text @param {() => void} onclick */
  #button(text, onclick) {
    return h('button', {
      class: 'button button-strong', type: 'button', 'data-start': true, onclick,
      'aria-disabled': this.#form.busy ? 'true' : null,
    }, this.#form.busy ? words().common.sending : text);
  }

  #scan() {
    const { security, common } = words();
    const app = this.#app;
    if (!app) return null;
    return h('form', { class: 'form', onsubmit: this.#confirm, novalidate: true },
      stepTitle(security.scanTitle),
      h('p', { class: 'panel-text' }, security.scanText),
      // An image runs no script, whatever its text says.
      h('img', { class: 'qr', src: `data:image/svg+xml,${encodeURIComponent(app.qr_svg)}`, alt: security.qr,
        width: 240, height: 240 }),
      h('p', { class: 'panel-text' }, security.secretText),
      h('div', { class: 'secret-row' },
        h('code', { class: 'secret', dir: 'ltr' }, grouped(app.secret)), copyButton(app.secret)),
      h('p', null, h('a', { href: app.otpauth_uri, class: 'button button-quiet' }, security.openApp)),
      textField(this.#form, {
        name: 'code',
        label: security.firstCode,
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        maxlength: 40,
        required: true,
      }),
      formFailure(this.#form),
      submitButton(this.#form, security.confirmApp),
      h('button', { class: 'button button-plain', type: 'button', onclick: () => this.#close() }, common.cancel));
  }

  #kept() {
    const { security } = words();
    return [
      stepTitle(security.codesTitle),
      h('p', { class: 'panel-text' }, security.codesText),
      recoveryCodes(this.#codes),
      h('button', { class: 'button button-strong button-wide', type: 'button', onclick: () => this.#close('added') },
        security.codesKept),
    ];
  }

  #removal() {
    const { security, common } = words();
    return h('form', { class: 'form', onsubmit: this.#remove, novalidate: true },
      stepTitle(security.removeTitle),
      h('p', { class: 'panel-text' }, security.removeText),
      codeField(this.#form),
      formFailure(this.#form),
      h('button', {
        class: 'button button-danger button-wide', type: 'submit', 'aria-disabled': this.#form.busy ? 'true' : null,
      }, this.#form.busy ? common.sending : security.removeApp),
      h('button', { class: 'button button-plain', type: 'button', onclick: () => this.#close() }, common.cancel));
  }
}

/** The heading of a step, which takes the focus. @param {string} title */
function stepTitle(title) {
  return h('h3', { class: 'panel-title', tabindex: -1, 'data-start': true }, title);
}

/** A secret in groups of four, for typing. @param {string} secret */
function grouped(secret) {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}

customElements.define('pw-second-factor', SecondFactor);
