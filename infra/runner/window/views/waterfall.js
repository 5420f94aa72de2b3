/** One trace as a waterfall: gateway, invocations, store calls, and the batches that followed, each on its scale. */
import { h } from '/_local/web/core/render.js';
import { counted, ms, units } from '../format.js';

/** @param {{ trace: any, batches: any[] }} open */
export function waterfall({ trace, batches }) {
  return h('div', { class: 'waterfalls', key: 'waterfall' },
    section(trace, trace.origin.kind === 'request' ? 'API Gateway' : 'Lambda'),
    trace.follows.length > 0 ? h('p', { class: 'link-line' }, 'Delivers what was written by ',
      trace.follows.map((/** @type {number} */ id, /** @type {number} */ place) => (
        [place > 0 ? ', ' : '', h('a', { href: `#/requests/${id}` }, `#${id}`)]))) : null,
    batches.map((batch) => h('div', { class: 'following', key: batch.id },
      h('h3', { class: 'following-title' },
        h('a', { href: `#/requests/${batch.id}` }, batch.origin.mapping),
        ` followed ${ms(Date.parse(batch.started_at) - Date.parse(trace.started_at))} later: `,
        batch.outcome ?? 'runs'),
      records(batch.origin),
      section(batch, 'Stream'))),
    trace.origin.kind === 'batch' ? records(trace.origin) : null);
}

/** @param {any} origin */
function records({ table, records: shown, record_count: count }) {
  return h('ul', { class: 'records', key: 'records' },
    shown.slice(0, 20).map((/** @type {any} */ record) => h('li', { key: record.sequence_number },
      h('span', { class: 'chip' }, record.event), ' ',
      h('code', null, `${table} ${record.partition ?? ''} ${record.sort ?? ''}`))),
    count > 20 ? h('li', { key: 'more' }, `and ${counted(count - 20, 'record')} more`) : null);
}

/** @param {any} trace @param {string} label */
function section(trace, label) {
  const spans = spansOf(trace, label);
  const from = Math.min(0, ...spans.map((span) => span.from));
  const to = Math.max(0.001, ...spans.map((span) => span.to));
  const share = (/** @type {number} */ moment) => `${((moment - from) / (to - from)) * 100}%`;
  return h('ol', { class: 'waterfall', key: `section-${trace.id}` }, spans.map((span, place) => h('li', {
    key: place, class: `span span-${span.kind}`, style: { '--depth': String(span.depth) },
  },
  h('div', { class: 'span-label' }, span.label, span.chips),
  h('div', { class: 'span-lane', 'aria-hidden': 'true' }, span.bars.map((bar, index) => h('span', {
    key: index, class: `bar bar-${bar.kind}`, style: { '--from': share(bar.from), '--to': share(bar.to) },
  }))),
  h('div', { class: 'span-time' }, ms(span.to - span.from)),
  span.below)));
}

/**
 * @typedef {object} Span
 * @property {string} kind
 * @property {number} depth
 * @property {import('/_local/web/core/description.js').Children} label
 * @property {import('/_local/web/core/description.js').Children} [chips]
 * @property {import('/_local/web/core/description.js').Children} [below]
 * @property {number} from
 * @property {number} to
 * @property {{ kind: string, from: number, to: number }[]} bars
 */

/** @param {any} trace @param {string} label @returns {Span[]} */
function spansOf(trace, label) {
  const end = trace.duration_ms ?? 0;
  /** @type {Span[]} */
  const spans = [{
    kind: 'gateway',
    depth: 0,
    label: h('strong', null, label),
    from: 0,
    to: end,
    bars: [{ kind: 'gateway', from: 0, to: end }],
  }];
  for (const invocation of trace.invocations) spans.push(...spansOfInvocation(invocation));
  return spans;
}

/** @param {any} invocation @returns {Span[]} */
function spansOfInvocation(invocation) {
  const depth = invocation.called_by === null ? 1 : 2;
  const begun = invocation.start_ms;
  const ended = begun + (invocation.duration_ms ?? 0);
  const born = begun - (invocation.init_ms ?? 0);
  const facts = [
    invocation.environment && `environment ${invocation.environment}`,
    invocation.billed_ms !== null && `billed ${invocation.billed_ms} ms`,
    invocation.max_memory_mb !== null && `${invocation.max_memory_mb} of ${invocation.memory_mb} MB`,
    `request ${invocation.request_id}`,
  ].filter(Boolean).join(' · ');
  const bars = [{ kind: 'run', from: begun, to: ended }];
  if (invocation.init_ms !== null) bars.unshift({ kind: 'init', from: born, to: begun });
  return [{
    kind: 'invocation',
    depth,
    label: h('strong', null, invocation.function),
    chips: [invocation.init_ms === null ? h('span', { class: 'chip' }, 'warm')
      : h('span', { class: 'chip chip-cold' }, `cold, start ${ms(invocation.init_ms)}`)],
    from: born,
    to: ended,
    bars,
    below: h('div', { class: 'span-below' },
      h('p', { class: 'span-facts' }, facts),
      invocation.error
        ? h('pre', { class: 'code code-bad', tabindex: 0, 'aria-label': 'Error' }, invocation.error) : null,
      invocation.logs.length > 0 ? h('details', null,
        h('summary', null, counted(invocation.logs.length + invocation.more_logs, 'log line')),
        h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Log lines' }, invocation.logs.join('\n'),
          invocation.more_logs > 0 ? `\n… and ${invocation.more_logs} more` : '')) : null),
  }, ...invocation.calls.map((/** @type {any} */ call) => spanOfCall(call, depth + 1)),
  ...(invocation.more_calls > 0 ? [{
    kind: 'call',
    depth: depth + 1,
    label: `and ${counted(invocation.more_calls, 'call')} more`,
    from: ended,
    to: ended,
    bars: [],
  }] : [])];
}

/** @param {any} call @param {number} depth @returns {Span} */
function spanOfCall(call, depth) {
  const to = call.start_ms + call.duration_ms;
  const [first] = call.keys;
  return {
    kind: 'call',
    depth,
    label: [call.operation, ' ', first ? h('span', { class: 'span-table' }, first.table.replace(/Table$/, '')) : null],
    chips: [
      h('span', { class: 'span-units' }, units(call.read_units, call.write_units)),
      call.condition_failed ? h('span', { class: 'chip chip-warn' }, 'condition failed')
        : call.error ? h('span', { class: 'chip chip-bad' }, call.error) : null,
    ],
    from: call.start_ms,
    to,
    bars: [{ kind: call.error ? 'failed' : 'call', from: call.start_ms, to }],
    below: call.keys.length > 0 ? h('ul', { class: 'span-below span-keys' },
      call.keys.map((/** @type {any} */ key, /** @type {number} */ place) => h('li', { key: place },
        call.keys.length > 1 ? `${key.action} ` : '',
        h('code', null, [key.partition, key.sort].filter(Boolean).join('  ') || 'every item'),
        key.meaning ? h('span', { class: 'meaning' }, ` ${key.meaning.contents}`) : null)),
      call.more_keys > 0 ? h('li', { key: 'more' }, `and ${counted(call.more_keys, 'item')} more`) : null) : null,
  };
}
