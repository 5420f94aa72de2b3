/** What the owner of a project can do with it: the routes of the menu `own-project`. */
import '../../components/delete-button.js';
import { icon } from '../../components/icon.js';
import { remove } from '../../core/api.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';

/** @typedef {import('../../api/call.js').Schema<'Project'>} Project */

/** What somebody else with an account can do: the routes of the menu `foreign-project`. @param {Project} project */
export function visitorPanel({ id, owner_id }) {
  if (!session.account || session.account.id === owner_id) return null;
  return h('div', { class: 'actions', key: 'visitor' }, router.menu('foreign-project').map((route) => h('a', {
    key: route.name,
    class: 'button button-wide',
    href: href(route.name, { id }),
  }, icon(route.icon ?? 'spark'), route.label?.(words()) ?? route.name)));
}

/** @param {Project} project */
export function ownerPanel({ id, owner_id }) {
  if (session.account?.id !== owner_id) return null;
  return h('section', { class: 'panel panel-own', key: 'own', 'aria-label': words().project.ownActions },
    h('p', { class: 'panel-note' }, words().project.own),
    router.menu('own-project').map((route) => h('a', {
      key: route.name,
      class: 'button button-quiet button-wide',
      href: href(route.name, { id }),
    }, icon(route.icon ?? 'spark'), route.label?.(words()) ?? route.name)),
    h('pw-delete-button', {
      id: 'delete-project',
      key: 'delete',
      '.sentences': words().project.deletion,
      '.act': (/** @type {AbortSignal} */ signal) => remove('/projects/{id}', undefined, { path: { id }, signal }),
      '.deleted': () => router.go(href('account'), { replace: true }),
    }));
}
