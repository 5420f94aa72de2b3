/** The tables as they are: items page by page, each key explained. */
import { h } from '/_local/web/core/render.js';
import { ask } from '../ask.js';
import { WindowView } from './view.js';

class TablesView extends WindowView {
  /** @type {any} */
  tables = null;
  /** @type {any[]} */
  items = [];
  /** @type {string | null} */
  next = null;
  pk = '';
  sk = '';
  loading = false;

  connected() {
    this.attempt(async () => {
      this.tables = await ask('tables', { signal: this.signal });
      await this.read(null);
    });
  }

  get table() {
    const tables = this.tables?.tables ?? [];
    return tables.find((/** @type {any} */ table) => table.table === this.rest) ?? tables[0];
  }

  moved() {
    this.pk = '';
    this.sk = '';
    this.attempt(() => this.read(null));
  }

  /** @param {string | null} start */
  async read(start) {
    if (!this.table) return;
    const { table } = this.table;
    const query = new URLSearchParams({ pk: this.pk, sk: this.sk, limit: '50', ...(start ? { start } : {}) });
    this.loading = true;
    this.update();
    try {
      const page = await ask(`tables/${encodeURIComponent(table)}/items?${query}`, { signal: this.signal });
      if (table !== this.table.table) return;
      this.items = start ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
    } finally {
      this.loading = false;
    }
  }

  draw() {
    const table = this.table;
    if (!table) return [h('h1', { class: 'page-title' }, 'Tables'), this.failure()];
    const patterns = this.tables.patterns.filter((/** @type {any} */ pattern) => pattern.table === table.name);
    return [
      h('h1', { class: 'page-title' }, 'Tables'),
      this.failure(),
      h('ul', { class: 'choices', 'aria-label': 'Tables' }, this.tables.tables.map((/** @type {any} */ one) => {
        const current = one === table ? 'true' : null;
        return h('li', { key: one.table },
          h('a', { class: 'choice', href: `#/tables/${one.table}`, 'aria-current': current }, one.table));
      })),
      this.search(),
      h('div', { class: 'columns' },
        h('section', { 'aria-label': 'Items' },
          h('ul', { class: 'items' }, this.items.map((item) => this.item(item))),
          this.items.length === 0 && !this.loading ? h('p', { class: 'window-empty' }, 'No item is here.') : null,
          this.next ? h('button', {
            class: 'button',
            type: 'button',
            'aria-disabled': String(this.loading),
            onclick: () => this.attempt(() => this.read(this.next)),
          }, 'More') : null),
        h('section', { class: 'panel', 'aria-labelledby': 'patterns-title' },
          h('h2', { class: 'panel-title', id: 'patterns-title' }, 'Keys of this table'),
          patterns.length === 0 ? h('p', null, 'No table of keys speaks of it.') : null,
          h('dl', { class: 'patterns' }, patterns.map(pattern)))),
    ];
  }

  search() {
    const field = (/** @type {'pk' | 'sk'} */ name, /** @type {string} */ label) => {
      const oninput = (/** @type {any} */ event) => {
        this[name] = event.target.value;
      };
      return h('label', { class: 'field', key: name },
        h('span', { class: 'field-label' }, label),
        h('input', { class: 'input code', '.value': this[name], oninput }));
    };
    return h('form', {
      class: 'search-keys',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.attempt(() => this.read(null));
      },
    },
    field('pk', 'Partition key'), field('sk', 'Sort key begins with'),
    h('button', { class: 'button button-strong', type: 'submit' }, 'Find'));
  }

  /** @param {any} item */
  item({ pk, sk, item, pattern }) {
    return h('li', { key: JSON.stringify([pk, sk]), class: 'item' }, h('details', null,
      h('summary', null, h('code', { dir: 'auto' }, `${pk}  ${sk}`),
        h('span', { class: 'meaning' }, pattern ? ` ${pattern.contents}` : '')),
      h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Item' }, JSON.stringify(plain({ M: item }), null, 2))));
  }
}

/** @param {any} pattern */
function pattern({ pk, sk, contents, read_by: readBy }) {
  return h('div', { key: pk + sk },
    h('dt', null, h('code', null, `${pk}  ${sk}`)),
    h('dd', null, `${contents} · ${readBy}`));
}

/** DynamoDB's JSON as plain JSON. Bytes stay in base64. @param {any} value @returns {any} */
export function plain(value) {
  const [kind, content] = Object.entries(value)[0] ?? ['NULL', null];
  if (kind === 'M') {
    return Object.fromEntries(Object.entries(content).map(([name, member]) => [name, plain(member)]));
  }
  if (kind === 'L') return content.map(plain);
  if (kind === 'N') return Number(content);
  if (kind === 'NULL') return null;
  return kind === 'B' ? `base64:${content}` : content;
}

customElements.define('window-tables', TablesView);
