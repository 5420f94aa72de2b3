/** The filters of a list: a row of categories and a field for one skill. */
import { icon } from '../../components/icon.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { router } from '../../core/router.js';

/** So many skills are suggested. */
const SUGGESTIONS = 100;

/** @param {import('./list-view.js').ListView} view */
export function filters(view) {
  const { category, skill } = view.filter;
  /** @param {{ category?: string, skill?: string }} change */
  const address = (change) => router.href(view.routeName, {}, { category, skill, ...change });
  const categories = [...new Set([...view.seen.categories, category])].filter(Boolean).sort();
  return h('search', { class: 'filters', 'aria-label': words().home.filters },
    h('nav', { class: 'filter-row', 'aria-label': words().home.category },
      choice(words().home.all, address({ category: '' }), category === ''),
      categories.map((name) => choice(name, address({ category: name }), sameWord(name, category)))),
    h('form', { class: 'filter-form', onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      router.go(address({ skill: view.typed.trim() }));
    } },
      h('label', { class: 'visually-hidden', for: 'filter-skill' }, words().home.skill),
      h('div', { class: 'search-field' },
        icon('search'),
        h('input', {
          class: 'input',
          id: 'filter-skill',
          name: 'skill',
          type: 'search',
          list: 'filter-skills',
          maxlength: 50,
          autocomplete: 'off',
          enterkeyhint: 'search',
          placeholder: words().home.skillPlaceholder,
          '.value': view.typed,
          oninput: (/** @type {Event} */ event) => {
            view.typed = /** @type {HTMLInputElement} */ (event.target).value;
          },
        }),
        h('datalist', { id: 'filter-skills' },
          [...view.seen.skills].slice(0, SUGGESTIONS).map((name) => h('option', { key: name, value: name })))),
      h('button', { class: 'button', type: 'submit' }, words().home.search),
      skill ? h('a', { class: 'button button-quiet', href: address({ skill: '' }) },
        icon('close'), words().home.without(skill)) : null));
}

/** @param {string} label @param {string} href @param {boolean} current */
function choice(label, href, current) {
  return h('a', { key: href, class: 'filter', href, dir: 'auto', 'aria-current': current ? 'true' : null }, label);
}

/** @param {string} one @param {string} other */
function sameWord(one, other) {
  return one.toLocaleLowerCase() === other.toLocaleLowerCase();
}
