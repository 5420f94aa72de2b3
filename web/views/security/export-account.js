/** `<pw-export-account>`: downloads everything that the market keeps about the account, as one file. */
import { icon } from '../../components/icon.js';
import { get } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { words } from '../../core/language.js';
import { isAbort, sentenceOf } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { done } from './done.js';

/** @typedef {import('../../api/call.js').Schema<'AccountExport'>} AccountExport */

class ExportAccount extends Component {
  #busy = false;
  #isDone = false;
  /** @type {unknown} */
  #failure = null;

  #export = async () => {
    if (this.#busy) return;
    this.#busy = true;
    this.#isDone = false;
    this.#failure = null;
    this.update();
    try {
      download(await everything(this.signal));
      this.#isDone = true;
    } catch (error) {
      if (!isAbort(error)) this.#failure = error;
    }
    this.#busy = false;
    this.update();
  };

  draw() {
    const { security, common } = words();
    return h('div', { class: 'form' },
      h('p', { class: 'panel-text' }, security.exportText),
      h('div', { class: 'form-failure', role: 'alert' }, this.#failure
        ? h('p', null, icon('warning'), sentenceOf(this.#failure)) : null),
      done(this.#isDone && security.exported),
      h('div', { class: 'actions' }, h('button', {
        class: 'button button-quiet', type: 'button', 'aria-disabled': this.#busy ? 'true' : null,
        onclick: this.#export,
      }, this.#busy ? common.sending : security.exportAccount)));
  }
}

/** All parts of the export as one. @param {AbortSignal} signal @returns {Promise<AccountExport>} */
async function everything(signal) {
  const { body: whole } = await get('/accounts/me/export', { signal });
  while (whole.next_cursor) {
    const { body: part } = await get('/accounts/me/export', { query: { cursor: whole.next_cursor }, signal });
    whole.projects.push(...part.projects);
    whole.next_cursor = part.next_cursor;
  }
  return whole;
}

/** @param {AccountExport} whole */
function download(whole) {
  const text = `${JSON.stringify(whole, null, 2)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'pairwork-account.json';
  link.click();
  // The browser reads the file soon after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

customElements.define('pw-export-account', ExportAccount);
