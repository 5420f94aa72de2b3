/** `<pw-delete-account>`: deletes one's own account. The banner of an account that is closing keeps it after all. */
import '../../components/delete-button.js';
import { remove } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { day } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { session } from '../../core/session.js';

class DeleteAccount extends Component {
  connected() {
    this.watch(session);
  }

  draw() {
    const { security } = words();
    const erasedAt = session.account?.erased_at;
    return h('div', { class: 'form' },
      h('p', { class: 'panel-text', role: 'status' }, erasedAt
        ? security.closingText(day(erasedAt)) : security.deletionText),
      erasedAt ? null : h('pw-delete-button', {
        id: 'delete-account',
        key: 'delete',
        '.sentences': security.deletion,
        '.act': async (/** @type {AbortSignal} */ signal) => {
          const { body } = await remove('/accounts/me', undefined, { signal });
          session.close(body.erased_at);
        },
      }));
  }
}

customElements.define('pw-delete-account', DeleteAccount);
