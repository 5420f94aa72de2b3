/**
 * `mergePanel`: what changed meanwhile, field by field, and which side of each conflict to keep.
 *
 * Draw it in the place of the form's buttons after a 412. It takes the focus when `focusMergePanel` is called.
 */
import { words } from '../core/language.js';
import { h } from '../core/render.js';

/**
 * @typedef {object} MergePanelOptions
 * @property {(name: string) => string} label A field's name in the reader's language.
 * @property {(name: string, value: any) => string} show A field's value as text; '' if it is empty.
 * @property {() => void} changed After a choice: draw again.
 * @property {() => void} keep Sends `merge.values`.
 * @property {() => void} discard Gives one's own change up.
 */

/**
 * @param {import('../core/merge.js').Merge} merge
 * @param {MergePanelOptions} options
 */
export function mergePanel(merge, { label, show, changed, keep, discard }) {
  const { common } = words();
  return h('section', { class: 'panel merge', key: 'merge', role: 'group', 'aria-labelledby': 'merge-title' },
    h('h2', { class: 'panel-title', id: 'merge-title', tabindex: -1 }, common.mergeTitle),
    h('p', null, merge.conflicts.length > 0 ? common.mergeText : common.mergeNone),
    merge.conflicts.map((conflict) => choice(conflict, { label, show }, (side) => {
      merge.choose(conflict.name, side);
      changed();
    })),
    merge.taken.length > 0 ? h('p', { class: 'merge-taken' }, common.mergeTaken) : null,
    merge.taken.length > 0 ? h('dl', { class: 'merge-list' }, merge.taken.map((name) => h('div', { key: name },
      h('dt', { class: 'merge-name' }, label(name)),
      h('dd', { class: 'merge-value', dir: 'auto' }, show(name, merge.values[name]) || common.mergeEmpty)))) : null,
    h('div', { class: 'actions' },
      h('button', { class: 'button button-strong', type: 'button', onclick: keep }, common.mergeSave),
      h('button', { class: 'button button-quiet', type: 'button', onclick: discard }, common.mergeDiscard)));
}

/**
 * @param {import('../core/merge.js').Conflict} conflict
 * @param {Pick<MergePanelOptions, 'label' | 'show'>} options
 * @param {(side: import('../core/merge.js').Side) => void} choose
 */
function choice(conflict, { label, show }, choose) {
  const { common } = words();
  return h('fieldset', { class: 'merge-field', key: conflict.name },
    h('legend', { class: 'field-label' }, label(conflict.name)),
    (/** @type {const} */ (['mine', 'theirs'])).map((side) => h('label', { class: 'merge-side', key: side },
      h('input', {
        type: 'radio',
        name: `merge-${conflict.name}`,
        '.checked': conflict.chosen === side,
        onchange: () => choose(side),
      }),
      h('span', { class: 'merge-name' }, common[side]),
      h('span', { class: 'merge-value', dir: 'auto' }, show(conflict.name, conflict[side]) || common.mergeEmpty))));
}

/** @param {Element} host The view. */
export function focusMergePanel(host) {
  /** @type {HTMLElement | null} */ (host.querySelector('#merge-title'))?.focus();
}
