/**
 * `<pw-shell>`: what surrounds every view: the header with its menu, the banner of a lost line, the dialogs of the
 * session, the footer. start.js defines it once the words and the routes are there.
 */
import './banner.js';
import { Component } from '../core/component.js';
import { language, LANGUAGES, words } from '../core/language.js';
import { loadModule } from '../core/load.js';
import { h } from '../core/render.js';
import { href, router } from '../core/router.js';
import { session } from '../core/session.js';
import { icon } from './icon.js';

/** @typedef {import('../core/router.js').Route} Route */

export class Shell extends Component {
  #menuOpen = false;

  connected() {
    this.watch(session);
    const options = { signal: this.signal };
    router.addEventListener('loading', () => this.classList.add('is-loading'), options);
    router.addEventListener('change', () => this.#shown(), options);
    for (const question of /** @type {const} */ (['renew', 'prove'])) {
      session.addEventListener(question, () => this.#ask(question), options);
    }
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#menuOpen) this.#toggle(false);
    }, options);
  }

  /** Views draw themselves, so the shell only puts the current one in its place. */
  #shown() {
    this.classList.remove('is-loading');
    this.#menuOpen = false;
    this.drawNow();
    const outlet = /** @type {HTMLElement} */ (this.querySelector('pw-outlet'));
    if (router.view && router.view.parentNode !== outlet) outlet.replaceChildren(router.view);
  }

  /** Few visits meet a question, so the dialogs are no part of the first load. @param {'renew' | 'prove'} question */
  async #ask(question) {
    await Promise.all([loadModule(() => import('./identity-dialogs.js')), language.useAll()]);
    /** @type {import('./identity-dialogs.js').IdentityDialog | null} */ (this.querySelector(`pw-${question}-dialog`))
      ?.show();
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#menuOpen = open;
    this.drawNow();
    if (!open) /** @type {HTMLElement | null} */ (this.querySelector('.menu-button'))?.focus();
  }

  draw() {
    return [
      h('a', { class: 'skip', href: '#main', onclick: this.#skip }, words().shell.skip),
      h('header', { class: 'header' },
        h('div', { class: 'header-bar' },
          h('a', { class: 'brand', href: href('home'), 'aria-label': words().shell.brand }, brandMark(), 'Pairwork'),
          h('button', {
            class: 'menu-button',
            type: 'button',
            'aria-expanded': String(this.#menuOpen),
            'aria-controls': 'menu',
            onclick: () => this.#toggle(!this.#menuOpen),
          }, icon(this.#menuOpen ? 'close' : 'menu'), h('span', { class: 'visually-hidden' }, words().shell.menu)),
          this.#menu())),
      h('pw-banner', null),
      session.account?.erased_at ? closingBanner() : null,
      h('main', { id: 'main', class: 'main', tabindex: -1 }, h('pw-outlet', null)),
      h('footer', { class: 'footer' }, h('p', null, words().shell.footer)),
      h('pw-prove-dialog', null),
      h('pw-renew-dialog', null),
    ];
  }

  #menu() {
    return h('div', { id: 'menu', class: `menu ${this.#menuOpen ? 'menu-open' : ''}` },
      h('nav', { class: 'menu-links', 'aria-label': words().shell.navigation },
        router.menu('main').map(menuLink),
        session.account ? [...router.menu('client'), ...router.menu('freelancer')].map(menuLink) : null),
      h('div', { class: 'menu-end' }, languageSwitch(), accountLinks()));
  }

  /** The fragment belongs to the router, so the skip link moves the focus itself. @param {Event} event */
  #skip(event) {
    event.preventDefault();
    document.getElementById('main')?.focus();
  }
}

/** Few visits need it, so it and its words are no part of the first load. */
function closingBanner() {
  language.useAll().then(() => loadModule(() => import('./closing-banner.js'))).catch(() => {});
  return h('pw-closing-banner', { key: 'closing' });
}

/** @param {Route} route */
function menuLink(route) {
  return h('a', {
    key: route.name,
    class: 'menu-link',
    href: href(route.name),
    'aria-current': router.route?.name === route.name ? 'page' : null,
  }, route.label?.(words()) ?? route.name);
}

function languageSwitch() {
  const other = language.current === 'en' ? 'ko' : 'en';
  return h('button', {
    class: 'button button-plain',
    type: 'button',
    lang: other,
    onclick: () => language.choose(other),
  }, icon('globe'), LANGUAGES[other]);
}

function accountLinks() {
  const { account } = session;
  if (account) {
    return h('a', { key: 'account', class: 'button button-quiet', href: href('account') },
      icon('person'), h('span', { class: 'ellipsis', dir: 'auto' }, account.display_name));
  }
  return h('a', { key: 'sign-in', class: 'button button-quiet', href: href('sign-in') }, words().shell.signIn);
}

function brandMark() {
  return h('svg', { class: 'brand-mark', viewBox: '0 0 32 32', 'aria-hidden': 'true', focusable: 'false' },
    h('circle', { cx: 12.5, cy: 16, r: 6.5 }), h('circle', { cx: 19.5, cy: 16, r: 6.5 }));
}
