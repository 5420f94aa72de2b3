/**
 * `<pw-provider-buttons>`: a button for each provider, to sign in with or to prove the identity. It shows nothing where
 * the market has no provider.
 *
 * Properties: `purpose` (`sign-in` or `proof`), and `next`, the view to go to afterwards.
 */
import { get } from '../core/api.js';
import { Component } from '../core/component.js';
import { Form } from '../core/form.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { Resource } from '../core/resource.js';
import { leaveFor } from '../core/round-trip.js';
import { formFailure } from './field.js';
import { withSentences } from './provider-problems.js';

class ProviderButtons extends Component {
  /** @type {'sign-in' | 'proof'} */
  purpose = 'sign-in';
  next = '#/';
  #form = new Form({}, { scope: 'provider' });
  /** @type {Resource<{ items: { id: string, name: string }[] }>} */
  #providers = new Resource((signal) => this.#read(signal));

  connected() {
    this.watch(this.#form, this.#providers);
    this.#providers.load(this.signal);
  }

  /** The providers that can be used. To prove the identity, these are the linked ones. @param {AbortSignal} signal */
  async #read(signal) {
    if (this.purpose === 'sign-in') return get('/sign-in-providers', { signal });
    const { body, status, etag } = await get('/accounts/me/identities', { signal });
    return { status, etag, body: { items: body.items.map(({ provider }) => provider) } };
  }

  /** @param {string} provider */
  async #leave(provider) {
    const { purpose, next } = this;
    await this.#form.submit(() => withSentences(() => leaveFor({ provider, purpose, next }, this.signal)));
    this.drawNow();
  }

  draw() {
    const items = this.#providers.value?.items ?? [];
    if (items.length === 0) return null;
    const sentences = words().signInWith;
    return h('div', { class: 'form' },
      h('p', { class: 'panel-text' }, this.purpose === 'proof' ? sentences.proveText : sentences.or),
      items.map(({ id, name }) => h('button', {
        key: id,
        class: 'button button-quiet button-wide',
        type: 'button',
        'aria-disabled': this.#form.busy ? 'true' : null,
        onclick: () => this.#leave(id),
      }, this.#form.busy ? sentences.waiting : sentences.goOnWith(name))),
      formFailure(this.#form));
  }
}

customElements.define('pw-provider-buttons', ProviderButtons);
