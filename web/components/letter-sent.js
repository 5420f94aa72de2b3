/** Says that a letter is on its way, and to which address. It takes the focus, since it replaces a form. */
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { icon } from './icon.js';

/**
 * @param {string} text
 * @param {string} address
 * @param {...import('../core/description.js').Children} actions
 */
export function letterSent(text, address, ...actions) {
  const { account } = words();
  return h('div', { class: 'notice letter-sent', key: 'letter-sent', tabindex: -1, role: 'status' },
    icon('letter'),
    h('p', { class: 'notice-title', dir: 'ltr' }, address),
    h('p', { class: 'notice-text' }, text),
    h('p', { class: 'notice-text' }, account.letterHint),
    actions.length > 0 ? h('div', { class: 'actions' }, actions) : null);
}

/** Moves the focus to the notice. Call it after the drawing. @param {Element} host */
export function focusLetterSent(host) {
  /** @type {HTMLElement | null} */ (host.querySelector('.letter-sent'))?.focus();
}
