/**
 * The router: the fragment of the address says which view is shown (`/#/projects/prj_…?tab=1`).
 *
 * Paths of the origin belong to the API, so views live in the fragment. Links are plain `<a href>`; the browser keeps
 * the history. Each entry of the history has a key under which the router keeps the scroll position and whatever the
 * view wants to remember; so Back shows the same page at the same place.
 */
import { View } from './component.js';
import { language } from './language.js';
import { loadModule } from './load.js';
import { session } from './session.js';
import { stored } from './stored.js';

/**
 * @typedef {object} Route A row of the table in views/index.js.
 * @property {string} name Unique; `href` takes it.
 * @property {string} path `/projects/:id`; a part that starts with `:` is a parameter.
 * @property {() => Promise<{ default: new () => View }>} load Imports the view.
 * @property {boolean} [isFirst] Its words are in words/<language>/first.js, so it opens fast.
 * @property {boolean} [signedIn] Only for people with an account: others sign in first and then come back.
 * @property {Menu} [menu] Where a link to it is shown.
 * @property {(words: import('./language.js').Words) => string} [label] The text of that link. Links of `main`,
 *   `client` and `freelancer` stand in the header of every view, so their texts are in words/<language>/shell.js.
 * @property {import('../components/icon.js').IconName} [icon] The picture beside it.
 */
/**
 * @typedef {'main' | 'client' | 'freelancer' | 'account' | 'own-project' | 'foreign-project'} Menu `main` is the
 *   header; `client` and `freelancer` are parts of the account page and, for signed-in people, of the header's menu;
 *   `account` is a part of the account page alone; `own-project` are the actions on the page of one's own project (its
 *   path takes `:id`), `foreign-project` those on somebody else's.
 */
/** @typedef {{ scroll: number, view: unknown }} Place */

/** So many entries of the history are remembered over a reload. */
const PLACES = 20;
const kept = stored('places', 'session');

class Router extends EventTarget {
  /** The table of views/index.js. @type {Route[]} */
  routes = [];
  /** Shown where the files of a view cannot be had. @type {new () => View} */
  brokenView = View;
  /** @type {Route | null} */
  route = null;
  /** @type {View | null} */
  view = null;
  /** @type {Map<string, Place>} */
  #places = new Map(kept.read() ?? []);
  /** The entry of the history that the view belongs to. */
  #key = '';
  #turn = 0;
  /** Whose views are shown. @type {string | null} */
  #accountId = null;
  /** @type {string} */
  #path = '';

  /** Shows the view of the current address and follows the history from then on. */
  start() {
    history.scrollRestoration = 'manual';
    addEventListener('popstate', () => this.#open());
    addEventListener('pagehide', () => this.#leave());
    this.#accountId = session.account?.id ?? null;
    session.addEventListener('change', () => this.#sessionChanged());
    return this.#open();
  }

  /** The query of the current address. */
  get query() {
    return here().query;
  }

  /**
   * The address of a route.
   *
   * @param {string} name
   * @param {Record<string, string>} [params]
   * @param {Record<string, string | null | undefined>} [query]
   */
  href(name, params = {}, query = {}) {
    const route = this.find(name);
    if (!route) throw new Error(`there is no route named ${name}`);
    const path = route.path.replace(/:(\w+)/g, (_, part) => encodeURIComponent(params[part] ?? ''));
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value) search.set(key, value);
    return `#${path}${search.size > 0 ? `?${search}` : ''}`;
  }

  /** @param {string} name */
  find(name) {
    return this.routes.find((route) => route.name === name);
  }

  /** The routes of a menu. @param {Menu} menu */
  menu(menu) {
    return this.routes.filter((route) => route.menu === menu);
  }

  /**
   * Goes to an address made by `href`.
   *
   * @param {string} href
   * @param {{ replace?: boolean }} [options] `replace` takes the place of the current entry of the history.
   * @returns {Promise<void>}
   */
  go(href, { replace = false } = {}) {
    if (replace) history.replaceState(null, '', href);
    else if (href !== location.hash) history.pushState(null, '', href);
    return this.#open();
  }

  /** @returns {Promise<void>} */
  async #open() {
    this.#turn += 1;
    const turn = this.#turn;
    this.#leave();
    const { path, query } = here();
    const { route, params } = this.#match(path);
    if (route.signedIn && !session.account) {
      return this.go(this.href('sign-in', {}, { next: location.hash }), { replace: true });
    }
    const isFirst = this.view === null;
    const key = history.state?.key ?? `${Date.now()}.${turn}`;
    history.replaceState({ key }, '');
    // A reload shows the present state, so only other entries of the history are shown as they were.
    const place = isFirst && wasReloaded() ? null : this.#places.get(key) ?? null;
    if (this.view && route === this.route && path === this.#path) {
      Object.assign(this.view, { query, remembered: place?.view ?? null });
      if (this.view.reopened()) {
        this.#key = key;
        this.dispatchEvent(new Event('change'));
        return place ? this.#scrollBack(place.scroll) : undefined;
      }
    }
    this.dispatchEvent(new Event('loading'));
    const ViewClass = await this.#load(route);
    if (turn !== this.#turn) return undefined;
    const view = new ViewClass();
    Object.assign(view, { params, query, remembered: place?.view ?? null });
    Object.assign(this, { route, view });
    this.#path = path;
    this.#key = key;
    this.dispatchEvent(new Event('change'));
    // A new document is at its top. To scroll there would lay it out once more.
    if (place || !isFirst) scrollTo({ top: place?.scroll ?? 0, behavior: 'instant' });
    if (!isFirst) focusHeading(view);
    return undefined;
  }

  /** @param {Route} route */
  async #load(route) {
    try {
      const [loaded] = await Promise.all([loadModule(route.load), route.isFirst ? null : language.useAll()]);
      return loaded.default;
    } catch (error) {
      console.error(error);
      return this.brokenView;
    }
  }

  /** What one person saw is not kept for the next; and a view for signed-in people makes way for the sign-in. */
  #sessionChanged() {
    const before = this.#accountId;
    this.#accountId = session.account?.id ?? null;
    if (before === null || before === this.#accountId) return;
    this.#places.clear();
    kept.write(null);
    this.#path = '';
    if (this.route?.signedIn) this.#open();
  }

  /** Components redraw in a microtask, so the height is there in the next frame. @param {number} top */
  #scrollBack(top) {
    requestAnimationFrame(() => scrollTo({ top, behavior: 'instant' }));
  }

  /** Keeps the place of the entry that the reader leaves. */
  #leave() {
    if (!this.view || !this.#key) return;
    this.#places.delete(this.#key);
    this.#places.set(this.#key, { scroll: scrollY, view: this.view.remember() });
    kept.write([...this.#places].slice(-PLACES));
  }

  /** @param {string} path @returns {{ route: Route, params: Record<string, string> }} */
  #match(path) {
    for (const route of this.routes) {
      const params = paramsOf(route.path, path);
      if (params) return { route, params };
    }
    return { route: /** @type {Route} */ (this.find('not-found')), params: {} };
  }
}

function wasReloaded() {
  const [entry] = performance.getEntriesByType('navigation');
  return /** @type {PerformanceNavigationTiming | undefined} */ (entry)?.type === 'reload';
}

function here() {
  const [path, ...search] = location.hash.slice(1).split('?');
  return { path: path || '/', query: new URLSearchParams(search.join('?')) };
}

/** @param {string} pattern @param {string} path @returns {Record<string, string> | null} */
function paramsOf(pattern, path) {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':') && given[index]) params[part.slice(1)] = decoded(given[index]);
    else if (part !== given[index]) return null;
  }
  return params;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Moves the focus to the heading once the view has drawn one, so that screen readers say where they are.
 *
 * @param {View} view
 */
function focusHeading(view) {
  const heading = view.querySelector('h1');
  if (!heading) return view.addEventListener('drawn', () => focusHeading(view), { once: true });
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

export const router = new Router();

/** Shorthand for `router.href`. @type {typeof router.href} */
export const href = (name, params, query) => router.href(name, params, query);

/**
 * The address to go to after a sign-in: the one in `?next=`, if it is a view of this page, or else the route named.
 *
 * @param {string} name
 */
export function nextOr(name) {
  const next = router.query.get('next') ?? '';
  return next.startsWith('#/') ? next : href(name);
}
