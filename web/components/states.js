/** The states that every list and page has beside its content: loading, empty, failed. */
import { Problem, sentenceOf } from '../core/problem.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { href } from '../core/router.js';
import { icon } from './icon.js';

/**
 * Grey shapes in the place of what is on its way.
 *
 * @param {number} [count]
 * @param {'card' | 'page'} [shape]
 */
export function loading(count = 1, shape = 'card') {
  return h('div', { class: `skeletons skeletons-${shape}`, role: 'status', 'aria-label': words().common.loading },
    Array.from({ length: count }, (_, index) => h('div', { key: index, class: 'skeleton', 'aria-hidden': 'true' },
      h('div', { class: 'skeleton-line skeleton-title' }),
      h('div', { class: 'skeleton-line' }),
      h('div', { class: 'skeleton-line skeleton-short' }))));
}

/**
 * An honest empty place.
 *
 * @param {string} title
 * @param {string} [text]
 * @param {...import('../core/description.js').Children} actions
 */
export function empty(title, text, ...actions) {
  return h('div', { class: 'notice' },
    icon('empty'),
    h('p', { class: 'notice-title' }, title),
    text ? h('p', { class: 'notice-text' }, text) : null,
    actions.length > 0 ? h('div', { class: 'actions' }, actions) : null);
}

/**
 * The place of something that may come later, such as reviews.
 *
 * @param {string} title
 * @param {string} text
 */
export function emptyPlace(title, text) {
  return h('div', { class: 'notice notice-quiet' },
    h('p', { class: 'notice-title' }, title), h('p', { class: 'notice-text' }, text));
}

/**
 * A failure, with the way on: sign in, or try again.
 *
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function failed(error, retry) {
  const signedOut = error instanceof Problem && error.code === 'unauthorized';
  return h('div', { class: 'notice notice-failed', role: 'alert' },
    icon('warning'),
    h('p', { class: 'notice-title' }, sentenceOf(error)),
    error instanceof Problem && error.requestId && error.status >= 500
      ? h('p', { class: 'notice-text' }, words().common.requestId(error.requestId)) : null,
    h('div', { class: 'actions' },
      signedOut
        ? h('a', { class: 'button', href: href('sign-in', {}, { next: location.hash }) }, words().shell.signIn)
        : retry && h('button', { class: 'button', type: 'button', onclick: retry }, words().common.retry)));
}

/**
 * A failure in the place of a whole page.
 *
 * @param {string} title
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function failedPage(title, error, retry) {
  return h('div', { class: 'page page-narrow' }, h('h1', { class: 'visually-hidden' }, title), failed(error, retry));
}
