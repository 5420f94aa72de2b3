/** `<pw-bid-by-hand>`: the fields of one bid. It sends `save` with the row, and `cancel`. */
import { textArea, textField } from '../../components/field.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** @typedef {import('./records.js').Row} Row */
/** @typedef {import('./columns.js').Part} Part */

/** The parts that are asked for at first. The others show where the row has them. @type {Part[]} */
const FIRST = [
  'display_name', 'skills', 'headline', 'hourly_rate', 'rating', 'completed_jobs', 'hire_rate', 'response_minutes',
  'message',
];

export class BidByHand extends Component {
  /** What the fields show at first. Set it before the element enters the page. @type {Row} */
  row = {};
  /** Sentences about wrong parts. @type {Partial<Record<Part, string>>} */
  wrong = {};
  /** Whether the bid is a new one. */
  isNew = true;
  #form = /** @type {Form<Record<string, string>>} */ (/** @type {unknown} */ (null));

  connected() {
    this.#form = new Form(/** @type {Record<string, string>} */ ({ ...this.row }),
      this.isNew ? { draft: 'new-bid' } : {});
    for (const [part, sentence] of Object.entries(this.wrong)) this.#form.errors.set(`/${part}`, sentence);
    this.watch(this.#form);
  }

  /** @param {Event} event */
  #save = (event) => {
    event.preventDefault();
    const { values } = this.#form;
    this.#form.draft?.clear();
    this.dispatchEvent(new CustomEvent('save', { detail: values }));
  };

  #cancel = () => {
    this.#form.draft?.clear();
    this.dispatchEvent(new CustomEvent('cancel'));
  };

  draw() {
    const { bids: sentences, common } = words();
    const parts = new Set([
      ...FIRST, .../** @type {Part[]} */ (Object.keys(this.#form.values)),
      .../** @type {Part[]} */ (Object.keys(this.wrong)),
    ]);
    // The message has a field of several lines at the end.
    parts.delete('message');
    return h('form', { class: 'form by-hand', onsubmit: this.#save, novalidate: true },
      h('h3', { class: 'by-hand-title', tabindex: -1 }, this.isNew ? sentences.newBid : sentences.editBid),
      h('div', { class: 'form-row' }, [...parts].map((part) => textField(this.#form, {
        name: part, label: sentences.parts[part], dir: 'auto', autocomplete: 'off', required: part === 'skills',
        hint: /** @type {Record<string, string>} */ (sentences.partHints)[part],
      }))),
      textArea(this.#form, { name: 'message', label: sentences.parts.message, rows: 4 }),
      h('div', { class: 'actions' },
        h('button', { class: 'button button-strong', type: 'submit' }, this.isNew ? sentences.addOne : common.save),
        h('button', { class: 'button button-quiet', type: 'button', onclick: this.#cancel }, common.cancel)));
  }
}

customElements.define('pw-bid-by-hand', BidByHand);
