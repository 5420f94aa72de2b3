/** A project's page: the work, its terms, and for its owner what can be done with it. */
import { skillList } from '../../components/cards.js';
import { failedPage, loading } from '../../components/states.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { session } from '../../core/session.js';
import { relative } from '../../core/format.js';
import { ownerPanel, visitorPanel } from './owner-panel.js';
import { terms } from './terms.js';

export default class ProjectView extends View {
  #project = new Resource((signal) => get('/projects/{id}', { path: { id: this.params.id }, signal }));

  get title() {
    return this.#project.value?.title ?? words().project.kicker;
  }

  connected() {
    this.watch(this.#project, session);
    if (this.remembered) this.#project.set(this.remembered, null);
    this.#project.load(this.signal);
  }

  remember() {
    return this.#project.value ?? null;
  }

  draw() {
    const { value, error, retry } = this.#project;
    if (!value && error) return failedPage(this.title, error, retry);
    if (!value) return h('div', { class: 'page' }, loading(1, 'page'));
    const sentences = words().project;
    return h('div', { class: 'page' },
      h('p', { class: 'kicker' },
        h('span', { dir: 'auto' }, h('a', { href: href('home', {}, { category: value.category }) }, value.category)),
        ' · ', sentences.posted, ' ',
        h('time', { datetime: value.created_at }, relative(value.created_at))),
      h('h1', { class: 'page-title', dir: 'auto' }, value.title),
      value.status === 'closed' ? h('p', { class: 'status-note' }, sentences.closed) : null,
      h('div', { class: 'columns' },
        h('aside', { class: 'column-side', 'aria-label': sentences.terms },
          ownerPanel(value),
          visitorPanel(value),
          terms(value)),
        h('div', { class: 'column-main' },
          h('section', { class: 'section', 'aria-labelledby': 'description' },
            h('h2', { id: 'description', class: 'section-title' }, sentences.description),
            value.description
              ? h('p', { class: 'prose', dir: 'auto' }, value.description)
              : h('p', { class: 'page-lead' }, sentences.noDescription)),
          h('section', { class: 'section', 'aria-labelledby': 'skills' },
            h('h2', { id: 'skills', class: 'section-title' }, words().common.skills),
            skillList(value.skills, { linked: 'home' })))));
  }
}

customElements.define('view-project', ProjectView);
