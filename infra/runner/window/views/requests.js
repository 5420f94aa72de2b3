/** The live list of requests, events and batches, and the one that is open. */
import { h } from '/_local/web/core/render.js';
import { pause } from '/_local/web/core/time.js';
import { ask } from '../ask.js';
import { counted, ms, time, units } from '../format.js';
import { actions } from './request-actions.js';
import { waterfall } from './waterfall.js';
import { WindowView } from './view.js';

/** The most rows that are shown; the machine keeps so many. */
const MOST = 500;

class RequestsView extends WindowView {
  /** By id. @type {Map<number, any>} */
  traces = new Map();
  version = 0;
  filter = '';
  paused = false;
  /** The trace that is open, with its batches. @type {any} */
  open = null;
  /** What the last action said. */
  said = '';
  /** A request that is about to be sent again. @type {any} */
  replay = null;

  connected() {
    this.follow();
    this.load();
  }

  moved() {
    this.open = null;
    this.replay = null;
    this.said = '';
    this.load();
    this.update();
  }

  /** Asks for news for as long as the view is there. */
  async follow() {
    const { signal } = this;
    while (!signal.aborted) {
      try {
        const news = await ask(this.version > 0 ? `traces?after=${this.version}` : 'traces', { signal });
        if (news.version < this.version) {
          // The market was started again, so it counts from the beginning.
          this.traces.clear();
          this.version = 0;
          continue;
        }
        this.version = news.version;
        for (const trace of news.traces) this.traces.set(trace.id, trace);
        const oldestFirst = [...this.traces.keys()].sort((a, b) => a - b);
        for (const id of oldestFirst.slice(0, -MOST)) this.traces.delete(id);
        this.error = null;
        const isOpen = (/** @type {any} */ trace) => String(trace.id) === this.rest || this.isBatchOfOpen(trace);
        if (news.traces.some(isOpen)) this.load();
        // Nobody reads faster, and a busy market has news all the time.
        await pause(this.version > 0 ? 150 : 1000, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.error = error;
        await pause(1000, signal).catch(() => {});
      }
      if (!this.paused) this.update();
    }
  }

  /** @param {any} trace */
  isBatchOfOpen(trace) {
    return this.open !== null && trace.follows.includes(this.open.trace.id);
  }

  load() {
    const wanted = this.rest;
    if (wanted === '') return;
    this.attempt(async () => {
      const open = await ask(`traces/${encodeURIComponent(wanted)}`, { signal: this.signal });
      if (wanted === this.rest) this.open = open;
    });
  }

  get shown() {
    const words = this.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (/** @type {any} */ { title, outcome, functions }) => (
      `${title} ${outcome} ${functions.join(' ')}`.toLowerCase());
    const all = [...this.traces.values()].sort((a, b) => b.id - a.id);
    return words.length === 0 ? all : all.filter((trace) => words.every((word) => text(trace).includes(word)));
  }

  draw() {
    return [
      h('div', { class: 'window-heading' },
        h('h1', { class: 'page-title' }, 'Requests'),
        h('input', {
          class: 'input window-filter',
          type: 'search',
          placeholder: 'Filter by path, status or function',
          'aria-label': 'Filter',
          '.value': this.filter,
          oninput: (/** @type {any} */ event) => {
            this.filter = event.target.value;
            this.update();
          },
        }),
        h('button', {
          class: 'button button-quiet',
          type: 'button',
          'aria-pressed': String(this.paused),
          onclick: () => {
            this.paused = !this.paused;
            this.update();
          },
        }, this.paused ? 'Go on' : 'Pause')),
      this.failure(),
      h('div', { class: this.open ? 'requests requests-open' : 'requests' }, this.list(), this.detail()),
    ];
  }

  list() {
    const shown = this.shown;
    if (shown.length === 0) {
      return h('p', { class: 'window-empty', key: 'empty' }, this.traces.size > 0
        ? 'No request fits the filter.'
        : 'Nothing has been asked yet. Open the market in another tab, or send a request with curl: it appears here.');
    }
    return h('ol', { class: 'request-list', key: 'list', 'aria-label': 'Latest first' },
      shown.map((trace) => this.row(trace)));
  }

  /** @param {any} trace */
  row(trace) {
    const current = String(trace.id) === this.rest;
    return h('li', { key: trace.id },
      h('a', { class: 'request-row', href: `#/requests/${trace.id}`, 'aria-current': current ? 'true' : null },
        h('span', { class: `mark ${markClass(trace)}` }, trace.outcome ?? 'runs'),
        h('span', { class: 'request-title', dir: 'auto' }, trace.title),
        trace.cold ? h('span', { class: 'chip chip-cold' }, 'cold') : null,
        trace.condition_failed ? h('span', { class: 'chip chip-warn' }, 'condition failed') : null,
        h('span', { class: 'request-facts' },
          [time(trace.started_at), ms(trace.duration_ms), counted(trace.calls, 'call'),
            units(trace.read_units, trace.write_units)].filter(Boolean).join(' · '))));
  }

  detail() {
    if (!this.open) return null;
    const { trace } = this.open;
    const request = trace.origin.kind === 'request' ? trace.origin : null;
    const title = request ? `${request.method} ${request.target}`
      : trace.origin.kind === 'batch' ? `Batch of ${trace.origin.mapping}`
      : trace.origin.kind === 'schedule' ? `Schedule ${trace.origin.schedule}, ${trace.origin.time}`
      : `Event for ${trace.origin.function}`;
    return h('section', { class: 'request-detail', key: `detail-${trace.id}`, 'aria-labelledby': 'detail-title' },
      h('h2', { id: 'detail-title', class: 'detail-title', dir: 'auto' }, title),
      h('p', { class: 'detail-facts' },
        h('span', { class: `mark ${markClass(trace)}` }, trace.outcome ?? 'runs'),
        ` ${time(trace.started_at)} · ${ms(trace.duration_ms)}${request?.route ? ` · route ${request.route}` : ''}`),
      request ? actions(this) : null,
      waterfall(this.open),
      request ? messages(request) : null);
  }
}

/** @param {any} trace */
function markClass({ outcome }) {
  if (outcome === null) return 'mark-runs';
  if (/^[23]\d\d$|^done$|^answered$/.test(outcome)) return 'mark-good';
  return /^4\d\d$/.test(outcome) ? 'mark-warn' : 'mark-bad';
}

/** Both messages as they were, secrets redacted. @param {any} request */
function messages(request) {
  const { response } = request;
  return [
    message('The request', `${request.method} ${request.target}`, request),
    response ? message('The answer', String(response.status), response) : null,
  ];
}

/** @param {string} label @param {string} line @param {any} message */
function message(label, line, { headers, body }) {
  const length = body.text === null ? body.size_bytes : 0;
  return h('details', { class: 'message', key: label },
    h('summary', null, label),
    h('pre', { class: 'code', tabindex: 0, 'aria-label': label }, line, '\n',
      headers.map((/** @type {string[]} */ [name, value]) => `${name}: ${value}\n`), body.size_bytes > 0 ? '\n' : '',
      length > 0 ? `(${counted(length, 'byte')}, not kept)` : pretty(body.text ?? '')));
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

customElements.define('window-requests', RequestsView);
