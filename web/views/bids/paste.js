/**
 * `<pw-paste-bids>`: takes a pasted table and shows how its columns are understood, before anything is added.
 *
 * It sends `add` with the rows.
 */
import { icon } from '../../components/icon.js';
import { Component } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { stored } from '../../core/stored.js';
import { isHeader, PARTS, recognise } from './columns.js';
import { readTable } from './table.js';

/** @typedef {import('./columns.js').Part} Part */
/** @typedef {import('./records.js').Row} Row */

/** So many values of a column are shown. */
const SAMPLES = 2;

export class PasteBids extends Component {
  /** How many bids there is still room for. */
  room = 1000;
  /** Where the pasted text is kept over a reload. */
  draft = 'paste';
  #text = '';
  /** @type {import('./table.js').Table | null} */
  #table = null;
  #hasNames = false;
  /** @type {(Part | null)[]} */
  #parts = [];

  connected() {
    this.#read(this.#memory.read() ?? '');
  }

  get #memory() {
    return stored(`draft.${this.draft}`);
  }

  /** @param {string} text */
  #read(text) {
    this.#text = text;
    this.#memory.write(text === '' ? null : text);
    this.#table = readTable(text);
    this.#hasNames = this.#table?.names === null && isHeader(this.#table.rows[0]);
    this.#parts = this.#table ? recognise(this.#names) : [];
    this.update();
  }

  get #names() {
    const table = /** @type {import('./table.js').Table} */ (this.#table);
    if (table.names) return table.names;
    const width = Math.max(...table.rows.map((row) => row.length));
    return Array.from({ length: width },
      (_, index) => (this.#hasNames && table.rows[0][index]) || words().bids.column(index + 1));
  }

  get #rows() {
    const rows = this.#table?.rows ?? [];
    return this.#hasNames ? rows.slice(1) : rows;
  }

  #add = () => {
    const rows = this.#rows.slice(0, this.room).map((cells) => this.#row(cells));
    this.#read('');
    this.dispatchEvent(new CustomEvent('add', { detail: rows }));
  };

  /** @param {string[]} cells @returns {Row} */
  #row(cells) {
    /** @type {Row} */
    const row = {};
    const names = this.#names;
    for (const [index, part] of this.#parts.entries()) if (part && cells[index]) row[part] = cells[index];
    // "Rate (USD)" says the currency of the whole column.
    const rate = names[this.#parts.indexOf('hourly_rate')] ?? '';
    const code = /\b[A-Z]{3}\b/.exec(rate)?.[0];
    if (code && row.hourly_rate && !row.currency) row.currency = code;
    return row;
  }

  draw() {
    const sentences = words().bids;
    return h('div', { class: 'paste' },
      h('div', { class: 'field' },
        h('label', { class: 'field-label', for: 'paste' }, sentences.paste),
        h('p', { class: 'field-hint', id: 'paste-hint' }, sentences.pasteHint),
        h('textarea', {
          id: 'paste', class: 'input paste-text', rows: 5, wrap: 'off', spellcheck: 'false',
          'aria-describedby': 'paste-hint',           placeholder: sentences.pasteExample, '.value': this.#text,
          oninput: (/** @type {Event} */ event) => this.#read(/** @type {HTMLTextAreaElement} */ (event.target).value),
        })),
      h('div', { role: 'status' }, this.#table ? h('p', { class: 'paste-found' }, this.#found()) : null),
      this.#table ? this.#columns() : null);
  }

  #found() {
    const known = this.#parts.filter(Boolean).length;
    return words().bids.found(this.#rows.length, known, this.#parts.length);
  }

  #columns() {
    const sentences = words().bids;
    const rows = this.#rows;
    const isReady = this.#parts.includes('skills') && rows.length > 0;
    return [
      this.#table?.names === null ? h('label', { class: 'check', key: 'header' }, h('input', {
        type: 'checkbox', '.checked': this.#hasNames,
        onchange: (/** @type {Event} */ event) => {
          this.#hasNames = /** @type {HTMLInputElement} */ (event.target).checked;
          this.#parts = recognise(this.#names);
          this.update();
        },
      }), sentences.firstRow) : null,
      h('ul', { class: 'columns-found', 'aria-label': sentences.columns },
        this.#names.map((name, index) => this.#column(name, index))),
      isReady ? null : h('p', { class: 'field-error', key: 'no-skills' }, icon('warning'), sentences.noSkills),
      rows.length > this.room ? h('p', { class: 'field-error', key: 'too-many' }, icon('warning'),
        sentences.tooMany(this.room)) : null,
      h('div', { class: 'actions', key: 'actions' },
        h('button', { class: 'button button-strong', type: 'button', onclick: this.#add },
          icon('plus'), sentences.add(Math.min(rows.length, this.room)))),
    ];
  }

  /** @param {string} name @param {number} index */
  #column(name, index) {
    const sentences = words().bids;
    const samples = this.#rows.map((row) => row[index]).filter(Boolean).slice(0, SAMPLES);
    return h('li', { key: index, class: `column-found ${this.#parts[index] ? 'column-known' : ''}` },
      h('p', { class: 'column-name', dir: 'auto' }, name),
      h('p', { class: 'column-samples', dir: 'auto' }, samples.join(' · ') || '–'),
      h('select', {
        class: 'input', 'aria-label': sentences.meaning(name),
        '.value': this.#parts[index] ?? '',
        onchange: (/** @type {Event} */ event) => {
          const part = /** @type {Part | ''} */ (/** @type {HTMLSelectElement} */ (event.target).value) || null;
          this.#parts = this.#parts.map((other, at) => (at === index ? part : other === part ? null : other));
          this.update();
        },
      }, h('option', { key: 'none', value: '' }, sentences.leaveOut),
      PARTS.map((part) => h('option', { key: part, value: part }, sentences.parts[part]))));
  }
}

customElements.define('pw-paste-bids', PasteBids);
