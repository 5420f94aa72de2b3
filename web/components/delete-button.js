/** `<pw-delete-button>`: a button that asks in a dialog before it deletes something for good. */
import { Component } from '../core/component.js';
import { words } from '../core/language.js';
import { isAbort, Problem, sentenceOf } from '../core/problem.js';
import { h } from '../core/render.js';
import { icon } from './icon.js';

/**
 * @typedef {object} Sentences
 * @property {string} button What the button says, on the page and in the dialog.
 * @property {string} title The question.
 * @property {string} text What will happen.
 */

class DeleteButton extends Component {
  /** Whoever draws the button gives these three. @type {Sentences} */
  sentences = { button: '', title: '', text: '' };
  /** Deletes it. @type {(signal: AbortSignal) => Promise<unknown>} */
  act = () => Promise.resolve();
  /** Goes on once it is deleted. */
  deleted = () => {};
  #open = false;
  #busy = false;
  /** @type {unknown} */
  #failure = null;

  get #dialog() {
    return /** @type {HTMLDialogElement | null} */ (this.querySelector('dialog'));
  }

  #ask = () => {
    this.#failure = null;
    this.#open = true;
    this.drawNow();
    this.#dialog?.showModal();
  };

  #close = () => {
    this.#dialog?.close();
    this.#open = false;
    this.update();
  };

  /** @param {Event} event */
  #confirmed = async (event) => {
    event.preventDefault();
    if (this.#busy) return;
    this.#busy = true;
    this.#failure = null;
    this.update();
    try {
      await this.act(this.signal);
    } catch (error) {
      // An earlier attempt has deleted it, and its answer was lost.
      if (!(error instanceof Problem && error.code === 'not_found')) this.#failure = error;
    }
    this.#busy = false;
    // A deletion may end the element itself. One that the person broke off leaves the question open.
    if (!this.isConnected) return;
    const isOver = this.#failure === null;
    if (isAbort(this.#failure)) this.#failure = null;
    if (!isOver) return this.drawNow();
    this.#close();
    this.deleted();
  };

  draw() {
    const { button, title, text } = this.sentences;
    const { common } = words();
    const id = `${this.id}-title`;
    return [
      h('button', { class: 'button button-danger button-wide', type: 'button', onclick: this.#ask }, button),
      h('dialog', { class: 'dialog', 'aria-labelledby': id, oncancel: this.#close },
        this.#open ? h('form', { class: 'form', onsubmit: this.#confirmed, novalidate: true },
          h('h2', { id, class: 'dialog-title' }, title),
          h('p', { class: 'dialog-text' }, text),
          h('div', { role: 'alert', class: 'form-failure' }, this.#failure
            ? h('p', null, icon('warning'), sentenceOf(this.#failure)) : null),
          h('div', { class: 'actions' },
            h('button', { class: 'button button-danger', type: 'submit', 'aria-disabled': this.#busy ? 'true' : null },
              this.#busy ? common.sending : button),
            h('button', { class: 'button button-quiet', type: 'button', autofocus: true, onclick: this.#close },
              common.cancel))) : null),
    ];
  }
}

customElements.define('pw-delete-button', DeleteButton);
