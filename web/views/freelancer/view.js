/** A freelancer's page: profile, track record, and the places of what others will say about the work. */
import '../../components/delete-button.js';
import { avatar, skillList } from '../../components/cards.js';
import { emptyPlace, failedPage, loading } from '../../components/states.js';
import { get, remove } from '../../core/api.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';
import { record } from './record.js';
import { terms } from './terms.js';

export default class FreelancerView extends View {
  #freelancer = new Resource((signal) => get('/freelancers/{id}', { path: { id: this.params.id }, signal }));

  get title() {
    return this.#freelancer.value?.display_name ?? words().shell.freelancers;
  }

  connected() {
    this.watch(this.#freelancer, session);
    if (this.remembered) this.#freelancer.set(this.remembered, null);
    this.#freelancer.load(this.signal);
  }

  remember() {
    return this.#freelancer.value ?? null;
  }

  draw() {
    const { value, error, retry } = this.#freelancer;
    if (!value && error) return failedPage(this.title, error, retry);
    if (!value) return h('div', { class: 'page' }, loading(1, 'page'));
    const sentences = words().freelancer;
    return h('div', { class: 'page' },
      session.account?.id === value.id ? h('p', { class: 'status-note' }, sentences.own) : null,
      h('div', { class: 'person' },
        avatar(value.display_name, 'large'),
        h('div', { class: 'person-names' },
          h('h1', { class: 'page-title', dir: 'auto' }, value.display_name),
          h('p', { class: 'kicker', dir: 'auto' },
            h('a', { href: href('freelancers', {}, { category: value.category }) }, value.category)))),
      h('p', { class: 'headline', dir: 'auto' }, value.headline),
      h('div', { class: 'columns' },
        h('aside', { class: 'column-side', 'aria-label': sentences.terms },
          terms(value),
          session.account?.id === value.id ? deletion() : null),
        h('div', { class: 'column-main' },
          record(value),
          h('section', { class: 'section', 'aria-labelledby': 'about' },
            h('h2', { id: 'about', class: 'section-title' }, sentences.about),
            value.bio
              ? h('p', { class: 'prose', dir: 'auto' }, value.bio)
              : h('p', { class: 'page-lead' }, sentences.noBio)),
          h('section', { class: 'section', 'aria-labelledby': 'skills' },
            h('h2', { id: 'skills', class: 'section-title' }, words().common.skills),
            skillList(value.skills, { linked: 'freelancers' })),
          place('history', sentences.history, sentences.historyEmpty, sentences.historyText),
          place('reviews', sentences.reviews, sentences.reviewsEmpty, sentences.reviewsText),
          place('portfolio', sentences.portfolio, sentences.portfolioEmpty, sentences.portfolioText))));
  }
}

/** Deletes one's own profile. */
function deletion() {
  return h('pw-delete-button', {
    id: 'delete-profile',
    key: 'delete',
    '.sentences': words().freelancer.deletion,
    '.act': (/** @type {AbortSignal} */ signal) => remove('/freelancers/me', undefined, { signal }),
    '.deleted': () => router.go(href('account'), { replace: true }),
  });
}

/**
 * The place of something that the market does not record yet.
 *
 * @param {string} id
 * @param {string} title
 * @param {string} nothing
 * @param {string} text
 */
function place(id, title, nothing, text) {
  return h('section', { class: 'section', 'aria-labelledby': id },
    h('h2', { id, class: 'section-title' }, title),
    emptyPlace(nothing, text));
}

customElements.define('view-freelancer', FreelancerView);
