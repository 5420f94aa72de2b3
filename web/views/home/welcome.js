/** What Pairwork is, for people who are not signed in. */
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';

export function welcome() {
  return h('section', { class: 'welcome', 'aria-label': words().home.welcomeTitle },
    h('p', { class: 'welcome-title' }, words().home.welcomeTitle),
    h('p', { class: 'welcome-text' }, words().home.welcomeText),
    h('div', { class: 'actions' },
      h('a', { class: 'button button-strong', href: href('register') }, words().shell.register),
      h('a', { class: 'button button-quiet', href: href('sign-in') }, words().shell.signIn)));
}
