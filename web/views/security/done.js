/** Says that something is done. The live region is always there, so that screen readers hear it when it fills. */
import { icon } from '../../components/icon.js';
import { h } from '../../core/render.js';

/** @param {string | false | null} sentence */
export function done(sentence) {
  return h('div', { class: 'done', role: 'status', key: 'done' },
    sentence ? h('p', { class: 'done-text' }, icon('check'), sentence) : null);
}
