/** The streams: how far each mapping is, and what was given up. */
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { ask } from '../ask.js';
import { counted } from '../format.js';
import { WindowView } from './view.js';

const COLUMNS = ['Mapping', 'Table', 'Not done yet', 'Batch', 'Lanes', 'Done up to', 'Dead letters go to'];

class StreamsView extends WindowView {
  /** @type {any} */
  found = null;
  said = '';

  async connected() {
    const { signal } = this;
    while (!signal.aborted) {
      await this.attempt(async () => {
        this.found = await ask('streams', { signal });
      });
      await pause(1000, signal).catch(() => {});
    }
  }

  draw() {
    const { streams = [], dead_letters: letters = [] } = this.found ?? {};
    return [
      h('h1', { class: 'page-title' }, 'Streams'),
      this.failure(),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Mappings' }, h('table', { class: 'grid' },
        h('thead', null, h('tr', null, COLUMNS.map((name) => h('th', { key: name, scope: 'col' }, name)))),
        h('tbody', null, streams.map((/** @type {any} */ stream) => h('tr', { key: stream.mapping },
          h('th', { scope: 'row' }, stream.mapping),
          h('td', null, stream.table),
          h('td', { class: 'number' }, stream.behind === 1000 ? '1,000 or more' : String(stream.behind)),
          h('td', { class: 'number' }, String(stream.batch_size)),
          h('td', { class: 'number' }, String(stream.lanes)),
          h('td', null, h('code', null, stream.position || 'nothing')),
          h('td', null, stream.dead_letters ?? 'nowhere')))))),
      h('h2', { class: 'section-title' }, `Dead letters (${letters.length})`),
      h('p', { role: 'status', class: 'said' }, this.said),
      letters.length === 0 && this.found ? h('p', { class: 'window-empty' }, 'No batch was given up.') : null,
      h('ul', { class: 'items' }, letters.map((/** @type {any} */ letter) => this.letter(letter))),
    ];
  }

  /** @param {any} letter */
  letter({ id, queue, message, records }) {
    return h('li', { key: id, class: 'item letter' },
      h('details', null,
        h('summary', null, h('strong', null, queue),
          ` ${counted(records.length, 'record')}, ${message.requestContext.condition}, ${message.timestamp}`),
        h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Letter' },
          JSON.stringify({ message, records }, null, 2))),
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        onclick: () => this.attempt(async () => {
          const { outcome, gone } = await ask(`dead-letters/${id}/replay`, { method: 'POST', signal: this.signal });
          this.said = gone ? 'Every record is done, so the letter is gone.'
            : `The function was sent the records again: ${outcome}.`;
          this.found = await ask('streams', { signal: this.signal });
        }),
      }, 'Replay'));
  }
}

customElements.define('window-streams', StreamsView);
