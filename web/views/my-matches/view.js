/** The projects that fit a freelancer, best first, each with its reasons. */
import '../../components/feed.js';
import { icon } from '../../components/icon.js';
import { empty, failed } from '../../components/states.js';
import { scaleOf, sheet } from '../../components/waterfall.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { language, words } from '../../core/language.js';
import { PagedList } from '../../core/pages.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { adoptSheet } from '../../core/sheet.js';
import { matchCard } from './match-card.js';
import { skillKey } from './skill-key.js';

await Promise.all([adoptSheet(import.meta.resolve('./matches.css')), sheet]);

/** @typedef {import('../../api/call.js').Schema<'FreelancerMatch'> & { id: string }} Match */

const PAGE_SIZE = 10;
/** The least shares of the wanted skills that may be asked for; '' asks for one skill in common. */
const SHARES = ['', '0.25', '0.5', '0.75', '1', '0'];

export default class MyMatchesView extends View {
  /** How many projects were scored. @type {number | null} */
  #scored = null;
  /** @type {{ items: Match[], scale: import('../../components/waterfall.js').Scale } | null} */
  #scaled = null;
  #profile = new Resource((signal) => get('/freelancers/me', { signal }));
  /** @type {PagedList<Match>} */
  #list = new PagedList(async (cursor, signal) => {
    const { body } = await get('/freelancers/me/matches', {
      query: { cursor, limit: PAGE_SIZE, min_skill_overlap: this.#share === '' ? null : Number(this.#share) },
      signal,
    });
    this.#scored = body.pool_size;
    return { items: body.items.map((match) => ({ ...match, id: match.project.id })), next_cursor: body.next_cursor };
  });

  get title() {
    return words().shell.myMatches;
  }

  /** The filter of the address; anything else than what is offered counts as none. */
  get #share() {
    const share = this.query.get('skills') ?? '';
    return SHARES.includes(share) ? share : '';
  }

  connected() {
    this.watch(this.#list, this.#profile);
    // The cards mark the freelancer's own skills.
    this.#profile.addEventListener('change', () => this.#feed?.update(), { signal: this.signal });
    if (this.remembered) this.#restore();
    this.#profile.load(this.signal);
  }

  /** The sentences of reasons come from the API. */
  languageChanged() {
    this.#list.reset();
  }

  remember() {
    return { list: this.#list.remember(), scored: this.#scored, language: language.current };
  }

  reopened() {
    if (this.remembered) this.#restore();
    else this.#list.reset();
    this.update();
    return true;
  }

  #restore() {
    const { list, scored } = this.remembered;
    this.#list.stop();
    if (this.remembered.language !== language.current) return;
    this.#scored = scored;
    this.#list.restore(list);
  }

  /** One scale for all cards. It grows with the list. */
  get #scale() {
    const { items } = this.#list;
    if (this.#scaled?.items !== items) {
      const judged = items.map(({ base_log_odds, reasons }) => ({ base: base_log_odds, reasons }));
      this.#scaled = { items, scale: scaleOf(judged, 'log-odds') };
    }
    return this.#scaled.scale;
  }

  get #feed() {
    return /** @type {import('../../components/feed.js').Feed | null} */ (this.querySelector('pw-feed'));
  }

  draw() {
    const { myMatches: matches } = words();
    const { value: profile, error } = this.#profile;
    if (error instanceof Problem && error.code === 'not_found') return this.#withoutProfile();
    return h('div', { class: 'page page-matches' },
      h('h1', { class: 'page-title' }, this.title),
      h('p', { class: 'page-lead' }, matches.lead),
      this.#filter(),
      profile?.weekly_hours === 0 ? this.#busy() : null,
      error && !profile ? failed(error, this.#profile.retry) : h('pw-feed', {
        class: 'feed-single',
        '.list': this.#list,
        '.label': this.title,
        '.item': (/** @type {Match} */ match) => matchCard(match, {
          mine: new Set(this.#profile.value?.skills.map(skillKey)),
          scale: this.#scale,
        }),
        '.whenEmpty': () => this.#nothing(),
      }));
  }

  #filter() {
    const { myMatches: matches } = words();
    const label = (/** @type {string} */ share) => (share === '' ? matches.oneSkill
      : share === '0' ? matches.anyProject : matches.leastShare(Number(share)));
    return h('search', { class: 'match-filter', 'aria-label': matches.filter },
      h('nav', { class: 'filter-row', 'aria-label': matches.filter }, SHARES.map((share) => h('a', {
        key: share,
        class: 'filter',
        href: href('my-matches', {}, { skills: share }),
        'aria-current': share === this.#share ? 'true' : null,
      }, label(share)))),
      h('p', { class: 'my-match-count', role: 'status' },
        this.#scored === null || this.#list.loading ? '' : matches.scored(this.#scored)));
  }

  #busy() {
    const { myMatches: matches } = words();
    return h('p', { class: 'status-note' }, icon('warning'), ' ', matches.busy, ' ',
      h('a', { href: href('profile') }, matches.toProfile));
  }

  #nothing() {
    const { myMatches: matches } = words();
    return empty(matches.nothing, matches.nothingText,
      this.#share === '0' ? null
        : h('a', { class: 'button', href: href('my-matches', {}, { skills: '0' }) }, matches.anyProject),
      h('a', { class: 'button button-quiet', href: href('profile') }, matches.toProfile));
  }

  #withoutProfile() {
    const { myMatches: matches } = words();
    return h('div', { class: 'page page-middle' },
      h('h1', { class: 'page-title' }, this.title),
      empty(matches.noProfile, matches.noProfileText,
        h('a', { class: 'button button-strong', href: href('profile') }, matches.makeProfile)));
  }
}

customElements.define('view-my-matches', MyMatchesView);
