/** The bids that wait to be compared, with what the API did not like about each. */
import { icon } from '../../components/icon.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** @typedef {import('./records.js').Row} Row */
/** @typedef {import('./columns.js').Part} Part */

/** So many rows are drawn; hundreds more would only slow the page down. */
const ROWS = 50;

/** The name of a bid for the reader. @param {Row} row @param {number} index */
export function nameOfRow(row, index) {
  return row.display_name?.trim() || row.id?.trim() || words().bids.nameless(index + 1);
}

/**
 * The sentences about one bid, by part: `/bids/3/freelancer/skills/0` belongs to the skills of the fourth.
 *
 * @param {Map<string, string>} errors
 * @param {number} index
 * @returns {Partial<Record<Part, string>>}
 */
export function wrongParts(errors, index) {
  /** @type {Partial<Record<Part, string>>} */
  const wrong = {};
  for (const [pointer, sentence] of errors) {
    const [, part] = new RegExp(`^/bids/${index}(?:/freelancer)?/([a-z_]+)`).exec(pointer) ?? [];
    if (part) wrong[/** @type {Part} */ (part)] ??= sentence;
  }
  return wrong;
}

/**
 * @param {Row[]} rows
 * @param {object} options
 * @param {Map<string, string>} options.errors
 * @param {number | null} options.edited The index of the bid that is being edited.
 * @param {(index: number) => void} options.edit
 * @param {(index: number) => void} options.remove
 * @param {(index: number) => import('../../core/description.js').Child} options.editor
 */
export function bidRows(rows, { errors, edited, edit, remove, editor }) {
  const { bids: sentences, common } = words();
  // Wrong bids are always shown, however far down they are.
  const shown = rows.map((row, index) => ({ row, index, wrong: wrongParts(errors, index) }))
    .filter(({ index, wrong }) => index < ROWS || Object.keys(wrong).length > 0 || index === edited);
  return [
    h('ul', { class: 'bid-rows', 'aria-label': sentences.list }, shown.map(({ row, index, wrong }) => h('li', {
      key: index, class: `bid-row ${Object.keys(wrong).length > 0 ? 'bid-wrong' : ''}`,
    }, index === edited ? editor(index) : [
      h('div', { class: 'bid-text' },
        h('p', { class: 'bid-name', dir: 'auto' }, nameOfRow(row, index)),
        h('p', { class: 'bid-brief', dir: 'auto' },
          [row.skills, row.headline, row.hourly_rate, row.message].filter(Boolean).join(' · ')),
        Object.entries(wrong).map(([part, sentence]) => h('p', { class: 'field-error', key: part }, icon('warning'),
          `${sentences.parts[/** @type {Part} */ (part)] ?? part}: ${sentence}`))),
      h('div', { class: 'bid-actions' },
        h('button', {
          class: 'button button-plain', type: 'button', 'data-edit': index,
          'aria-label': sentences.editOne(nameOfRow(row, index)), onclick: () => edit(index),
        }, icon('edit')),
        h('button', { class: 'button button-plain', type: 'button', 'aria-label': common.remove(nameOfRow(row, index)),
          onclick: () => remove(index) }, icon('close'))),
    ]))),
    shown.length < rows.length ? h('p', { class: 'field-hint' }, sentences.moreRows(rows.length - shown.length)) : null,
  ];
}
