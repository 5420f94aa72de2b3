/**
 * What the two lists of the home page share: the heading, the tabs, the filters and the endless list.
 *
 * The filters live in the address (`/#/?category=Design&skill=Figma`), so a filtered list can be shared, reloaded and
 * returned to.
 */
import '../../components/feed.js';
import { empty } from '../../components/states.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { PagedList } from '../../core/pages.js';
import { h } from '../../core/render.js';
import { router } from '../../core/router.js';
import { session } from '../../core/session.js';
import { filters } from './filters.js';
import { welcome } from './welcome.js';

/** So many items are asked for first: they fill a large window, and the page can be used soon. */
const FIRST_PAGE_SIZE = 12;
/** So many items are asked for at a time after that. */
const PAGE_SIZE = 24;

/** @typedef {{ category: string, skill: string }} Filter */
/** @typedef {{ id: string, category: string, skills: string[] }} Listed */

export class ListView extends View {
  /** The route of this list. */
  routeName = '';
  /** What stands in the field of the skill. */
  typed = '';
  /** Categories and skills that were seen, offered as filters. */
  seen = { categories: new Set(), skills: new Set() };
  /** @type {PagedList<Listed>} */
  list = new PagedList((cursor, signal) => {
    const limit = cursor === undefined ? FIRST_PAGE_SIZE : PAGE_SIZE;
    return this.page({ ...this.filter, cursor, limit }, signal);
  });

  /**
   * Reads one page of the list.
   *
   * @param {Filter & { cursor?: string, limit: number }} _query
   * @param {AbortSignal} _signal
   * @returns {Promise<import('../../core/pages.js').Page<any>>}
   */
  page(_query, _signal) {
    throw new Error('each list reads its own pages');
  }

  /** @param {any} _item @returns {import('../../core/description.js').Child} */
  card(_item) {
    return null;
  }

  /** The heading and the label of the list. @returns {string} */
  get title() {
    return '';
  }

  /** @returns {Filter} */
  get filter() {
    return { category: this.query.get('category') ?? '', skill: this.query.get('skill') ?? '' };
  }

  connected() {
    this.watch(session, this.list);
    this.typed = this.filter.skill;
    if (this.remembered) this.#restore();
  }

  remember() {
    return {
      list: this.list.remember(),
      categories: [...this.seen.categories],
      skills: [...this.seen.skills],
    };
  }

  reopened() {
    this.typed = this.filter.skill;
    if (this.remembered) this.#restore();
    else this.list.reset();
    this.update();
    return true;
  }

  #restore() {
    const { list, categories, skills } = this.remembered;
    this.seen = { categories: new Set(categories), skills: new Set(skills) };
    this.list.stop();
    this.list.restore(list);
    if (this.list.items.length === 0) this.list.more();
  }

  draw() {
    for (const { category, skills } of this.list.items) {
      this.seen.categories.add(category);
      for (const skill of skills) this.seen.skills.add(skill);
    }
    const filtered = this.filter.category !== '' || this.filter.skill !== '';
    return h('div', { class: 'page' },
      session.account ? null : welcome(),
      tabs(this.routeName),
      h('h1', { class: 'page-title' }, this.title),
      filters(this),
      h('h2', { class: 'visually-hidden' }, words().home.results),
      h('pw-feed', {
        '.list': this.list,
        '.item': this.card,
        '.label': this.title,
        '.whenEmpty': () => (filtered
          ? empty(words().home.nothingFits, words().home.nothingFitsText,
            h('a', { class: 'button', href: router.href(this.routeName) }, words().home.clear))
          : empty(words().home.nothingYet, words().home.nothingYetText)),
      }));
  }
}

/** The two lists, for phones, whose menu is folded away. @param {string} current */
function tabs(current) {
  return h('nav', { class: 'tabs', 'aria-label': words().shell.lists },
    ['home', 'freelancers'].map((name) => h('a', {
      key: name,
      class: 'tab',
      href: router.href(name),
      'aria-current': name === current ? 'page' : null,
    }, router.find(name)?.label?.(words()))));
}
