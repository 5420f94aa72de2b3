/** `<pw-closing-banner>`: says that the account will be deleted, and keeps it after all. */
import { post } from '../core/api.js';
import { Component } from '../core/component.js';
import { day } from '../core/format.js';
import { words } from '../core/language.js';
import { isAbort, sentenceOf } from '../core/problem.js';
import { h } from '../core/render.js';
import { session } from '../core/session.js';
import { icon } from './icon.js';

class ClosingBanner extends Component {
  #busy = false;
  /** @type {unknown} */
  #failure = null;

  connected() {
    this.watch(session);
  }

  #keep = async () => {
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = null;
    this.update();
    try {
      await post('/accounts/me/restore', undefined, { signal: this.signal });
      session.close(undefined);
    } catch (error) {
      if (!isAbort(error)) this.#failure = error;
    }
    this.#busy = false;
    this.update();
  };

  draw() {
    const erasedAt = session.account?.erased_at;
    if (!erasedAt) return null;
    const { security, common } = words();
    return h('section', { class: 'status-note', 'aria-label': security.closingTitle },
      h('p', null, icon('warning'), security.closingText(day(erasedAt))),
      this.#failure ? h('p', { role: 'alert' }, sentenceOf(this.#failure)) : null,
      h('p', { class: 'actions' }, h('button', {
        class: 'button button-strong', type: 'button', 'aria-disabled': this.#busy ? 'true' : null, onclick: this.#keep,
      }, this.#busy ? common.sending : security.keepAccount)));
  }
}

customElements.define('pw-closing-banner', ClosingBanner);
