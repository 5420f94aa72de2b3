/** The list of one's own projects, open or closed. */
import { budgetSentence } from '../../components/cards.js';
import { empty } from '../../components/states.js';
import { get } from '../../core/api.js';
import { relative } from '../../core/format.js';
import { words } from '../../core/language.js';
import { PagedList } from '../../core/pages.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';

/** @typedef {import('../../api/call.js').Schema<'Project'>} Project */

export class MyProjects {
  /** @type {PagedList<Project>} */
  list = new PagedList(async (cursor, signal) => {
    const { body } = await get('/accounts/me/projects', { query: { cursor }, signal });
    return body;
  });

  draw() {
    const { account } = words();
    return h('pw-feed', {
      class: 'feed-single',
      '.list': this.list,
      '.label': account.myProjects,
      '.item': row,
      '.whenEmpty': () => empty(account.noProjects, account.noProjectsText),
    });
  }
}

/** @param {Project} project */
function row(project) {
  const { account } = words();
  return h('article', { class: 'card card-link card-row' },
    h('h3', { class: 'card-title', dir: 'auto' }, h('a', { href: href('project', { id: project.id }) }, project.title)),
    h('p', { class: 'card-kicker' },
      h('span', { class: `status status-${project.status}` }, account[project.status]), ' ',
      budgetSentence(project.budget), ' · ',
      h('time', { datetime: project.created_at }, relative(project.created_at))));
}
