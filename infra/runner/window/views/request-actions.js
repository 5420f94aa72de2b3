/** What one can do with a request: copy it as a sample event or for curl, and send it again. */
import { h } from '/_local/web/core/render.js';
import { stored } from '/_local/web/core/stored.js';
import { ask, copy } from '../ask.js';

const REDACTED = '[redacted]';
/** Headers that a browser or curl sets by itself. */
const OWN = new Set(['accept-encoding', 'accept-language', 'authorization', 'cache-control', 'connection',
  'content-length', 'cookie', 'dnt', 'host', 'origin', 'pragma', 'priority', 'referer', 'te', 'upgrade',
  'upgrade-insecure-requests', 'user-agent', 'x-amzn-trace-id']);
const isOwn = (/** @type {string} */ name) => OWN.has(name) || /^(?:sec|x-forwarded)-/.test(name);

/** @param {any} view */
export function actions(view) {
  const { trace, has_event: hasEvent } = view.open;
  const request = trace.origin;
  return h('div', { class: 'request-actions', key: 'actions' },
    h('div', { class: 'actions' },
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        disabled: !hasEvent,
        onclick: () => view.attempt(async () => {
          const event = await ask(`traces/${trace.id}/event`, { signal: view.signal });
          await say(view, `${JSON.stringify(event, null, 2)}\n`, 'The sample event is on the clipboard.');
        }),
      }, 'Copy as sample event'),
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        onclick: () => view.attempt(() => say(view, curl(request), 'The command is on the clipboard.')),
      }, 'Copy as curl'),
      h('button', {
        class: 'button button-quiet',
        type: 'button',
        'aria-expanded': String(view.replay !== null),
        onclick: () => {
          view.replay = view.replay === null ? draftOf(request) : null;
          view.update();
        },
      }, 'Replay')),
    h('p', { class: 'said', role: 'status' }, view.said),
    view.text
      ? h('textarea', { class: 'input code', readonly: true, rows: 6, 'aria-label': 'To copy', '.value': view.text })
      : null,
    view.replay ? replayForm(view) : null);
}

/** @param {any} view @param {string} text @param {string} done */
async function say(view, text, done) {
  const copied = await copy(text);
  view.text = copied ? '' : text;
  view.said = copied ? done : 'The browser forbids the clipboard. Here is the text:';
}

/** @param {any} request */
function draftOf({ method, target, body, headers }) {
  return {
    method,
    target,
    body: body.text ?? '',
    headers: headers.filter((/** @type {string[]} */ [name, value]) => !isOwn(name) && value !== REDACTED),
    signed: headers.some((/** @type {string[]} */ [name]) => name === 'authorization'),
  };
}

/** @param {any} view */
function replayForm(view) {
  const { replay } = view;
  const token = stored('session').read()?.token;
  const redacted = [replay.target, replay.body].some((text) => text.includes(REDACTED));
  return h('form', {
    class: 'replay panel',
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      view.attempt(() => send(view, token));
    },
  },
  h('label', { class: 'field' },
    h('span', { class: 'field-label' }, `Path (${replay.method})`),
    h('input', { class: 'input code', '.value': replay.target, oninput: into(replay, 'target') })),
  hasBody(replay.method) ? h('label', { class: 'field' },
    h('span', { class: 'field-label' }, 'Body'),
    h('textarea', { class: 'input code', rows: 8, '.value': replay.body, oninput: into(replay, 'body') })) : null,
  h('p', { class: 'field-hint' }, !replay.signed ? 'It is sent without a token, as it was.'
    : token ? 'It is sent in the name of whoever is signed in in this browser.'
      : 'It was signed. Sign in on the market first: tokens are not kept here.'),
  redacted ? h('p', { class: 'field-hint' }, `Put the secret where it says ${REDACTED}.`) : null,
  h('button', { class: 'button button-strong', type: 'submit' }, 'Send'));
}

/** @param {any} replay @param {'target' | 'body'} name */
function into(replay, name) {
  return (/** @type {any} */ event) => {
    replay[name] = event.target.value;
  };
}

/** @param {string} method */
function hasBody(method) {
  return method !== 'GET' && method !== 'HEAD';
}

/** @param {any} view @param {string | undefined} token */
async function send(view, token) {
  const { method, target, body, headers, signed } = view.replay;
  const path = `/${target.replace(/^\/+/, '')}`;
  const response = await fetch(path, {
    method,
    headers: [...headers, ...(signed && token ? [['authorization', `Bearer ${token}`]] : [])],
    body: hasBody(method) ? body : undefined,
    credentials: 'omit',
  });
  view.said = `It was answered with ${response.status}. The new request is at the top of the list.`;
}

/** The request as a command. @param {any} request */
export function curl({ method, target, headers, body }) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parts = [`curl -i -X ${method} ${quoted(location.origin + target)}`];
  for (const [name, value] of headers) {
    if (name === 'authorization') parts.push('-H "authorization: Bearer $TOKEN"');
    else if (!isOwn(name) && value !== REDACTED) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body.text) parts.push(`--data-binary ${quoted(body.text)}`);
  return parts.join(' \\\n  ');
}
