/** `<pw-passkeys>`: the passkeys of the account, to add and to remove. */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { createPasskey, hasPasskeys, namedAddress, passkeyWords } from '../../components/passkey.js';
import { failed, loading } from '../../components/states.js';
import { get, post, remove } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { relative } from '../../core/format.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { deviceName } from './device-name.js';
import { done } from './done.js';

/** @typedef {import('../../api/call.js').Schema<'Passkey'>} Passkey */

class PasskeysPart extends Component {
  #passkeys = new Resource((signal) => get('/accounts/me/passkeys', { signal }));
  #form = new Form({ name: deviceName(navigator.userAgent) }, { scope: 'passkey' });
  /** The passkey that is being removed. @type {string | null} */
  #removing = null;
  /** What was done last. @type {'added' | 'removed' | null} */
  #outcome = null;

  connected() {
    this.watch(this.#passkeys, this.#form);
    this.#passkeys.load(this.signal);
  }

  /** @param {Event} event */
  #add = async (event) => {
    event.preventDefault();
    this.#outcome = null;
    const added = await this.#form.submit(async ({ name }) => {
      const credential = await createPasskey(this.signal);
      await post('/accounts/me/passkeys', { name, credential }, { signal: this.signal });
      return true;
    });
    if (!added) {
      this.drawNow();
      return focusFirstError(this);
    }
    this.#form.reset();
    return this.#finish('added');
  };

  /** @param {Passkey} passkey */
  async #remove({ id }) {
    if (this.#removing !== null) return;
    this.#outcome = null;
    this.#removing = id;
    const removed = await this.#form.submit(async () => {
      try {
        await remove('/accounts/me/passkeys/{id}', undefined, { path: { id }, signal: this.signal });
      } catch (error) {
        // It was removed meanwhile.
        if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
      }
      return true;
    });
    this.#removing = null;
    if (removed) await this.#finish('removed');
    else this.update();
  }

  /** Shows the list as it is now. @param {'added' | 'removed'} outcome */
  async #finish(outcome) {
    await this.#passkeys.load(this.signal);
    if (!this.isConnected) return;
    this.#outcome = outcome;
    this.drawNow();
    /** @type {HTMLElement | null} */ (this.querySelector('.passkeys'))?.focus();
  }

  draw() {
    const passkeys = passkeyWords();
    const { value, error, retry } = this.#passkeys;
    if (!value) return error ? failed(error, retry) : loading(1);
    return h('div', { class: 'panel form' },
      h('p', { class: 'panel-text' }, passkeys.text),
      h('ul', { class: 'links passkeys', tabindex: -1, 'aria-label': passkeys.title },
        value.items.map((passkey) => this.#row(passkey))),
      value.items.length === 0 ? h('p', { class: 'panel-text' }, passkeys.none) : null,
      hasPasskeys ? this.#addition() : [formFailure(this.#form), elsewhere()],
      done(this.#outcome && passkeys[this.#outcome]));
  }

  /** @param {Passkey} passkey */
  #row(passkey) {
    const passkeys = passkeyWords();
    const { id, name, created_at, last_used_at } = passkey;
    return h('li', { key: id, class: 'device' },
      h('div', { class: 'device-names' },
        h('p', { class: 'device-name', dir: 'auto' }, name),
        h('p', { class: 'card-kicker' },
          h('time', { datetime: created_at }, passkeys.since(relative(created_at))), ' · ',
          last_used_at
            ? h('time', { datetime: last_used_at }, passkeys.lastUsed(relative(last_used_at)))
            : passkeys.unused)),
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        'aria-label': passkeys.removeOne(name),
        'aria-disabled': this.#removing !== null || this.#form.busy ? 'true' : null,
        onclick: () => this.#remove(passkey),
      }, this.#removing === id ? words().common.sending : passkeys.remove));
  }

  #addition() {
    const passkeys = passkeyWords();
    return h('form', { class: 'form', onsubmit: this.#add, novalidate: true },
      textField(this.#form, {
        name: 'name',
        label: passkeys.name,
        hint: passkeys.nameHint,
        autocomplete: 'off',
        maxlength: 60,
        required: true,
      }),
      formFailure(this.#form),
      submitButton(this.#form, passkeys.add));
  }
}

/** Why this page can't add one, and where it could. */
function elsewhere() {
  const passkeys = passkeyWords();
  const address = namedAddress();
  if (!address) return h('p', { class: 'panel-text' }, passkeys.missing);
  return h('p', { class: 'panel-text' }, passkeys.named, ' ', h('a', { href: address, dir: 'ltr' }, address));
}

customElements.define('pw-passkeys', PasskeysPart);
