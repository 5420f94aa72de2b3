/** The note above a form that was filled from a draft, with the way to start over. */
import { words } from '../core/language.js';
import { h } from '../core/render.js';

/**
 * @param {import('../core/form.js').Form<any>} form
 * @param {() => Record<string, any>} initial The values to start over with.
 */
export function draftNote(form, initial) {
  return h('div', { role: 'status', class: 'draft-place' }, form.restored ? h('p', { class: 'draft-note' },
    words().common.draftRestored,
    h('button', { class: 'button button-quiet', type: 'button', onclick: () => form.reset(initial()) },
      words().common.draftDiscard)) : null);
}
