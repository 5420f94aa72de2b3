/** The faults that a profile injects: its rules, how often each has struck, and the latest strikes. */
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { ask } from '../ask.js';
import { counted, time } from '../format.js';
import { WindowView } from './view.js';

const PERIOD_MS = 1000;

class FaultsView extends WindowView {
  /** What the machine says; undefined before its first answer, null without a profile. @type {any} */
  faults;

  async connected() {
    const { signal } = this;
    while (!signal.aborted) {
      await this.attempt(async () => {
        ({ faults: this.faults } = await ask('faults', { signal }));
      });
      await pause(PERIOD_MS, signal).catch(() => {});
    }
  }

  draw() {
    return [
      h('h1', { class: 'page-title' }, 'Faults'),
      this.failure(),
      this.faults === undefined ? null : this.faults === null ? nothing() : told(this.faults),
    ];
  }
}

function nothing() {
  return h('p', { class: 'window-empty' }, 'This market injects no faults. To see some, start it with ',
    h('code', null, '--faults everything'), '.');
}

/** @param {any} faults */
function told({ profile, seed, paused, rules, injected, places, latest }) {
  return [
    h('p', { class: 'lead' }, 'Profile ', h('strong', null, profile), `, seed ${seed}. The same seed strikes in the `
      + 'same way again, as far as calls come in the same order.', paused ? ' Faults are held back for now.' : null),
    h('h2', { class: 'section-title' }, 'Rules'),
    grid('Rules', ['Fault', 'What happens', 'How often', 'Where', 'Struck so far'],
      rules.map((/** @type {any} */ rule) => h('tr', { key: rule.setting },
        h('th', { scope: 'row' }, rule.fault, ' ', h('code', null, rule.setting)),
        h('td', null, rule.what),
        h('td', null, rule.how_often),
        h('td', null, rule.place),
        h('td', { class: 'number' }, String(injected[rule.fault] ?? 0))))),
    h('h2', { class: 'section-title' }, 'Struck since the start'),
    places.length === 0 ? h('p', { class: 'window-empty' }, 'No fault has struck yet.')
      : grid('Struck since the start', ['Place', 'Fault', 'Times'],
        places.map((/** @type {any} */ one) => h('tr', { key: `${one.fault} ${one.place}` },
          h('th', { scope: 'row' }, h('code', null, one.place)),
          h('td', null, one.fault),
          h('td', { class: 'number' }, String(one.count))))),
    h('h2', { class: 'section-title' }, `Latest ${counted(latest.length, 'strike')}`),
    latest.length === 0 ? null : grid('Latest strikes', ['Time', 'Fault', 'Place', 'Request'],
      latest.map((/** @type {any} */ strike, /** @type {number} */ index) => h('tr', { key: `${strike.at} ${index}` },
        h('th', { scope: 'row' }, time(strike.at)),
        h('td', null, strike.fault),
        h('td', null, h('code', null, strike.place)),
        h('td', null, strike.trace === null ? 'before a delivery'
          : h('a', { href: `#/requests/${strike.trace}` }, `Trace ${strike.trace}`))))),
  ];
}

/** @param {string} label @param {string[]} columns @param {any[]} rows */
function grid(label, columns, rows) {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h('table', { class: 'grid' },
      h('thead', null, h('tr', null, columns.map((name) => h('th', { key: name, scope: 'col' }, name)))),
      h('tbody', null, rows)));
}

customElements.define('window-faults', FaultsView);
