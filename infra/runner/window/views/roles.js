/** The functions: their processes, and what each role allows and was used for. */
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { ask } from '../ask.js';
import { counted } from '../format.js';
import { WindowView } from './view.js';

class RolesView extends WindowView {
  /** @type {any[]} */
  functions = [];
  /** @type {any[]} */
  grants = [];

  async connected() {
    const { signal } = this;
    while (!signal.aborted) {
      await this.attempt(async () => {
        [{ functions: this.functions }, { grants: this.grants }] =
          await Promise.all([ask('functions', { signal }), ask('roles', { signal })]);
      });
      await pause(2000, signal).catch(() => {});
    }
  }

  draw() {
    return [
      h('h1', { class: 'page-title' }, 'Functions and roles'),
      h('p', { class: 'lead' },
        'What each role allows. A grant that was not used since the start is marked: it may be too much.'),
      this.failure(),
      h('div', { class: 'functions' }, this.functions.map((one) => this.function(one))),
    ];
  }

  /** @param {any} one */
  function(one) {
    const grants = this.grants.filter((grant) => grant.function === one.function);
    const unused = grants.filter((grant) => !grant.used).length;
    return h('section', { key: one.function, class: 'panel function', 'aria-labelledby': `title-${one.function}` },
      h('h2', { class: 'panel-title', id: `title-${one.function}` }, one.function),
      h('p', { class: 'span-facts' }, [
        `${counted(one.environments, 'environment')} (${one.idle} idle)`, one.waiting > 0 && `${one.waiting} waiting`,
        `${one.memory_mb} MB`, `${one.timeout_s} s`, counted(one.routes.length, 'route'),
        unused > 0 ? `${unused} of ${counted(grants.length, 'grant')} unused` : grants.length > 0 && 'every grant used',
      ].filter(Boolean).join(' · ')),
      one.routes.length > 0 ? h('details', null, h('summary', null, 'Routes'),
        h('ul', { class: 'routes' },
          one.routes.map((/** @type {string} */ route) => h('li', { key: route }, h('code', null, route))))) : null,
      h('ul', { class: 'grants' }, grants.map(grant)));
  }
}

/** @param {any} grant */
function grant({ action, resource, used }) {
  return h('li', { key: `${action} ${resource}`, class: 'grant' },
    h('code', null, action),
    h('span', { class: 'meaning' }, resource.split(':').pop()),
    h('span', { class: used ? 'chip' : 'chip chip-warn' }, used ? 'used' : 'not used'));
}

customElements.define('window-roles', RolesView);
