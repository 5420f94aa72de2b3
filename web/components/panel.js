/** A panel of facts: a term, its value, and a picture for each. */
import { h } from '../core/render.js';
import { icon } from './icon.js';

/**
 * @param {string} title
 * @param {import('../core/description.js').Children} definitions
 */
export function panel(title, definitions) {
  return h('section', { class: 'panel' },
    h('h2', { class: 'panel-title' }, title),
    h('dl', { class: 'definitions' }, definitions));
}

/**
 * @param {import('./icon.js').IconName} name
 * @param {string} term
 * @param {import('../core/description.js').Children} value
 */
export function definition(name, term, value) {
  return h('div', { class: 'definition', key: term }, icon(name), h('dt', null, term), h('dd', { dir: 'auto' }, value));
}
