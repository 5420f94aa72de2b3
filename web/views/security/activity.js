/** `<pw-activity>`: the acts on the account that matter for its security, newest first, a page at a time. */
import { failed, loading } from '../../components/states.js';
import { get } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { relative } from '../../core/format.js';
import { words } from '../../core/language.js';
import { PagedList } from '../../core/pages.js';
import { h } from '../../core/render.js';

/** @typedef {import('../../api/call.js').Schema<'Activity'>} Activity */

/** The acts of one page. */
const PAGE = 10;

class ActivityPart extends Component {
  /** @type {PagedList<Activity>} */
  #acts = new PagedList(async (cursor, signal) =>
    (await get('/accounts/me/audit', { query: { cursor, limit: PAGE }, signal })).body);

  connected() {
    this.watch(this.#acts);
    this.#acts.more();
    this.signal.addEventListener('abort', () => this.#acts.stop());
  }

  draw() {
    const { security, common } = words();
    const { items, error, ended } = this.#acts;
    const more = () => this.#acts.more();
    return h('div', { class: 'form' },
      h('p', { class: 'panel-text' }, security.activityText),
      items.length > 0
        ? h('ul', { class: 'links', 'aria-label': security.activityTitle }, items.map(row))
        : null,
      error ? failed(error, more) : null,
      this.#acts.loading ? loading(1) : null,
      ended || error || this.#acts.loading
        ? null
        : h('button', { class: 'button button-quiet', type: 'button', onclick: more }, common.showMore));
  }
}

/** @param {Activity} activity */
function row({ sequence, at, act, by, subject, is_same_network }) {
  const { security } = words();
  const name = security.acts[act] ?? act;
  const factors = act === 'signed_in' || act === 'proved' ? security.factors[subject ?? ''] : null;
  return h('li', { key: sequence, class: 'device activity' },
    h('div', { class: 'device-names' },
      h('p', { class: 'device-name' }, name),
      h('p', { class: 'card-kicker' },
        h('time', { datetime: at }, relative(at)),
        factors ? ` · ${factors}` : null,
        ' · ', by !== 'owner' ? security.actors[by]
          : is_same_network ? security.thisNetwork : security.otherNetwork)));
}

customElements.define('pw-activity', ActivityPart);
