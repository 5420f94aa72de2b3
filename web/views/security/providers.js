/** `<pw-providers>`: the accounts at providers that sign in to this one. Each can be linked and unlinked. */
import { formFailure } from '../../components/field.js';
import { withSentences } from '../../components/provider-problems.js';
import { failed, loading } from '../../components/states.js';
import { get, remove } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { day } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { leaveFor } from '../../core/round-trip.js';
import { done } from './done.js';

/** @typedef {import('../../api/call.js').Schema<'Identity'>} Identity */

class ProvidersPart extends Component {
  /** The providers of the market. @type {{ id: string, name: string }[]} */
  providers = [];
  #form = new Form({}, { scope: 'provider' });
  #identities = new Resource((signal) => get('/accounts/me/identities', { signal }));
  /** @type {'linked' | 'unlinked' | null} */
  #outcome = router.query.get('after') === 'linked' ? 'linked' : null;

  connected() {
    this.watch(this.#form, this.#identities);
    this.#identities.load(this.signal);
  }

  /** @param {string} provider */
  async #link(provider) {
    this.#outcome = null;
    const next = href('security', {}, { after: 'linked' });
    const visit = { provider, purpose: /** @type {const} */ ('link'), next };
    await this.#form.submit(() => withSentences(() => leaveFor(visit, this.signal)));
    this.drawNow();
  }

  /** @param {string} provider */
  async #unlink(provider) {
    this.#outcome = null;
    const reply = await this.#form.submit(() => withSentences(() =>
      remove('/accounts/me/identities/{id}', undefined, { path: { id: provider }, signal: this.signal })));
    if (reply) {
      this.#outcome = 'unlinked';
      await this.#identities.load(this.signal);
    }
    this.drawNow();
  }

  draw() {
    const { value, error, retry } = this.#identities;
    if (!value) return error ? failed(error, retry) : loading(1);
    const sentences = words().signInWith;
    const linked = new Map(value.items.map((identity) => [identity.provider.id, identity]));
    // A linked account stays in sight when the market does not offer its provider any more.
    const others = value.items.map(({ provider }) => provider)
      .filter(({ id }) => !this.providers.some((offered) => offered.id === id));
    return h('div', { class: 'panel form' },
      h('p', { class: 'panel-text' }, sentences.panelText),
      h('ul', { class: 'links devices', 'aria-label': sentences.panelTitle },
        [...this.providers, ...others].map((provider) => this.#row(provider, linked.get(provider.id)))),
      formFailure(this.#form),
      done(this.#outcome && sentences[this.#outcome]),
      value.has_password ? null : h('p', { class: 'panel-text' },
        sentences.noPassword, ' ', h('a', { href: href('forgot') }, sentences.askForLetter)));
  }

  /** @param {{ id: string, name: string }} provider @param {Identity | undefined} identity */
  #row({ id, name }, identity) {
    const sentences = words().signInWith;
    return h('li', { key: id, class: 'device' },
      h('div', { class: 'device-names' },
        h('p', { class: 'device-name' }, name),
        h('p', { class: 'card-kicker' },
          identity?.email ? h('span', { dir: 'ltr' }, identity.email, ' · ') : null,
          identity ? sentences.since(day(identity.linked_at)) : sentences.notLinked)),
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        'aria-label': identity ? sentences.unlinkNamed(name) : sentences.linkNamed(name),
        'aria-disabled': this.#form.busy ? 'true' : null,
        onclick: () => (identity ? this.#unlink(id) : this.#link(id)),
      }, identity ? sentences.unlink : sentences.link));
  }
}

customElements.define('pw-providers', ProvidersPart);
