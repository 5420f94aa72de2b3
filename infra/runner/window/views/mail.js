/** The letters that the market has sent. On this machine, no letter leaves it. */
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { letters } from '../ask.js';
import { counted } from '../format.js';
import { WindowView } from './view.js';

class MailView extends WindowView {
  /** @type {any[] | null} */
  found = null;
  to = '';

  async connected() {
    const { signal } = this;
    while (!signal.aborted) {
      await this.look();
      await pause(1000, signal).catch(() => {});
    }
  }

  async look() {
    await this.attempt(async () => {
      const { to } = this;
      const found = await letters(to, this.signal);
      // Another address may have been typed meanwhile.
      if (to === this.to) this.found = found;
    });
  }

  draw() {
    const { found } = this;
    return [
      h('h1', { class: 'page-title' }, 'Mail'),
      h('p', { class: 'lead' },
        'Letters that the market has sent, newest first. On this machine they go nowhere else.'),
      this.failure(),
      h('form', { onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
        h('label', { class: 'field' },
          h('span', { class: 'field-label' }, 'To'),
          h('input', {
            class: 'input window-filter',
            type: 'text',
            autocomplete: 'off',
            placeholder: 'every address',
            oninput: (/** @type {any} */ event) => {
              this.to = event.target.value.trim();
              this.look();
            },
          }))),
      h('p', { role: 'status', class: 'said' }, found ? counted(found.length, 'letter') : 'Looking…'),
      h('ul', { class: 'items' }, (found ?? []).map(letter)),
    ];
  }
}

/** @param {any} letter */
function letter({ id, sent_at: sentAt, from, to, subject, text, links }) {
  return h('li', { key: id, class: 'item' },
    h('details', null,
      h('summary', null, h('strong', null, subject), ` to ${to.join(', ')}, `, h('time', { datetime: sentAt }, sentAt)),
      h('p', { class: 'span-facts' }, `from ${from}`),
      h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Text' }, text),
      h('ul', null, links.filter(isOfTheWeb).map((/** @type {string} */ link) =>
        h('li', { key: link }, h('a', { href: link, rel: 'noreferrer' }, 'Open the link'))))));
}

/** A letter may hold any text, and only an address of the web becomes a link. @param {string} link */
function isOfTheWeb(link) {
  return ['http:', 'https:'].includes(URL.parse(link)?.protocol ?? '');
}

customElements.define('window-mail', MailView);
