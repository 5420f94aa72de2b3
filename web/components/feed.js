/**
 * `<pw-feed>`: an endless list over a `PagedList`.
 *
 * The next page loads when the end comes near; a button does the same for keyboards and for browsers that do not see
 * the end. How many items there are is said to screen readers. Loading, empty and failed have their own look.
 */
import { Component } from '../core/component.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { empty, failed, loading } from './states.js';

/** How far below the window the end may be when the next page is asked for. */
const AHEAD = '600px';

export class Feed extends Component {
  /** Required. @type {import('../core/pages.js').PagedList<any>} */
  list = /** @type {any} */ (null);
  /** Draws one item. Required. @type {(item: any) => import('../core/description.js').Child} */
  item = () => null;
  /** Drawn when the list has no items. @type {() => import('../core/description.js').Children} */
  whenEmpty = () => empty(words().common.nothing);
  /** The name of the list for screen readers. */
  label = '';

  /** @type {IntersectionObserver | null} */
  #observer = null;

  connected() {
    this.watch(this.list);
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && !this.list.error) this.list.more();
    }, { rootMargin: AHEAD });
    this.signal.addEventListener('abort', () => {
      this.#observer?.disconnect();
      this.list.stop();
    });
    if (this.list.items.length === 0) this.list.more();
  }

  drawNow() {
    super.drawNow();
    // Observing again reports again: so a list whose end is still in sight goes on loading.
    this.#observer?.disconnect();
    const end = this.querySelector('.feed-end');
    if (end && !this.list.loading) this.#observer?.observe(end);
  }

  draw() {
    const { items, ended, error } = this.list;
    const isFirst = items.length === 0;
    return [
      h('p', { class: 'visually-hidden', role: 'status' }, this.list.loading ? '' : words().common.shown(items.length)),
      isFirst ? null : h('ul', { class: 'feed', 'aria-label': this.label },
        items.map((item) => h('li', { key: item.id }, this.item(item)))),
      this.list.loading ? loading(isFirst ? 3 : 1) : null,
      error ? failed(error, () => this.list.more()) : null,
      isFirst && ended ? this.whenEmpty() : null,
      ended || error || this.list.loading ? null : h('div', { class: 'feed-end' },
        h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.list.more() },
          words().common.showMore)),
    ];
  }
}

customElements.define('pw-feed', Feed);
