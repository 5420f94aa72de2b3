/** The shell of the window: the table of views, and the view that the address names. */
import { Component } from '/_local/web/core/component.js';
import { h } from '/_local/web/core/render.js';
import './views/clock.js';
import './views/requests.js';
import './views/tables.js';
import './views/streams.js';
import './views/faults.js';
import './views/mail.js';
import './views/roles.js';
import './views/model.js';

/** Each view: its name in the address, its label, its element. */
const VIEWS = [
  ['requests', 'Requests', 'window-requests'],
  ['tables', 'Tables', 'window-tables'],
  ['streams', 'Streams', 'window-streams'],
  ['faults', 'Faults', 'window-faults'],
  ['mail', 'Mail', 'window-mail'],
  ['roles', 'Roles', 'window-roles'],
  ['model', 'Model', 'window-model'],
];

class Shell extends Component {
  connected() {
    addEventListener('hashchange', () => {
      this.update();
      scrollTo(0, 0);
    }, { signal: this.signal });
  }

  /** The name of the view and what follows it: `#/requests/12` gives `['requests', '12']`. */
  get place() {
    const [, name = '', ...rest] = location.hash.slice(1).split('/');
    return [VIEWS.some(([known]) => known === name) ? name : 'requests', rest.map(decoded).join('/')];
  }

  draw() {
    const [name, rest] = this.place;
    const [, label, element] = VIEWS.find(([known]) => known === name) ?? VIEWS[0];
    document.title = `${label} · Inside Pairwork`;
    return [
      h('header', { class: 'window-header' },
        h('a', { class: 'window-brand', href: '#/requests' }, 'Inside Pairwork'),
        h('nav', { 'aria-label': 'Views' },
          h('ul', { class: 'window-tabs' },
            VIEWS.map(([known, tab]) => h('li', { key: known },
              h('a', { href: `#/${known}`, 'aria-current': known === name ? 'page' : null }, tab))),
            h('li', { key: 'docs' }, h('a', { href: '/docs/' }, 'API')),
            h('li', { key: 'page' }, h('a', { href: '/' }, 'Market')))),
        h('window-clock', null)),
      h('main', { class: 'window-main', key: `main-${name}` }, h(element, { key: name, '.rest': rest })),
    ];
  }
}

/** A part of the address as text; as it is if it is malformed. @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

customElements.define('window-shell', Shell);
