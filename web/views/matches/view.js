/** A project's matches: the freelancers, best first, with the reasons of each as bars that add up. */
import '../../components/feed.js';
import { skillList } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { empty, failed, loading } from '../../components/states.js';
import { scaleOf, sheet } from '../../components/waterfall.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { adoptSheet } from '../../core/sheet.js';
import { matchCard } from './card.js';
import { controls } from './controls.js';
import { glide } from './moves.js';
import { Ranking } from './ranking.js';

// A view that appears before its sheet would jump.
await Promise.all([sheet, adoptSheet(import.meta.resolve('./matches.css'))]);

/** A control must rest for so long before it ranks, in ms. */
const REST_MS = 200;

export default class MatchesView extends View {
  #project = new Resource((signal) => get('/projects/{id}', { path: { id: this.params.id }, signal }));
  #ranking = /** @type {Ranking} */ (/** @type {unknown} */ (null));
  /** What the controls show; the ranking follows when they rest. @type {import('./ranking.js').Filter} */
  #filter = { newcomers: '', min_skill_overlap: '' };
  /** Cards whose bars are shown, by freelancer; null means the first card only. @type {Set<string> | null} */
  #open = null;
  /** On a phone the controls are folded away, so that the first freelancer is in sight. */
  #controlsOpen = matchMedia('(width >= 60rem)').matches;
  #timer = 0;
  #announcement = '';

  get title() {
    const project = this.#project.value;
    return project ? words().projectMatches.title(project.title) : words().projectMatches.label;
  }

  connected() {
    this.#ranking = new Ranking(this.params.id);
    this.#filter = this.#wanted;
    this.watch(this.#project);
    this.#ranking.addEventListener('change', () => this.update(), { signal: this.signal });
    this.#ranking.addEventListener('ranked', () => this.#ranked(), { signal: this.signal });
    this.signal.addEventListener('abort', () => {
      clearTimeout(this.#timer);
      this.#ranking.stop();
    });
    this.#project.load(this.signal);
    if (this.remembered) this.#restore();
    else this.#ranking.rank(this.#filter);
  }

  /** The filter in the address. @returns {import('./ranking.js').Filter} */
  get #wanted() {
    return {
      newcomers: this.query.get('newcomers') ?? '', min_skill_overlap: this.query.get('min_skill_overlap') ?? '',
    };
  }

  remember() {
    return { ranking: this.#ranking.remember(), open: this.#open ? [...this.#open] : null };
  }

  #restore() {
    const { ranking, open } = this.remembered;
    this.#open = open ? new Set(open) : null;
    if (ranking.list.items.length === 0) this.#ranking.rank(this.#filter);
    else this.#ranking.restore(ranking);
  }

  reopened() {
    this.#filter = this.#wanted;
    this.#ranking.rank(this.#filter);
    return true;
  }

  /** Sentences come in the language of the request. */
  languageChanged() {
    this.#ranking.again();
  }

  /** @param {import('./ranking.js').Filter} filter */
  #change = (filter) => {
    this.#filter = filter;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => router.go(href('matches', this.params, { ...filter }), { replace: true }), REST_MS);
    this.update();
  };

  #ranked() {
    const [first] = this.#ranking.list.items;
    this.#announcement = first
      ? words().projectMatches.ranked(this.#ranking.poolSize ?? 0, first.freelancer.display_name)
      : words().projectMatches.none;
    glide(this, 'data-match', () => this.drawNow());
  }

  /** @param {import('./ranking.js').Match} match */
  #card = (match) => {
    const opened = this.#open ?? new Set(this.#ranking.list.items.slice(0, 1).map(({ id }) => id));
    return matchCard(match, {
      wanted: this.#project.value?.skills ?? [],
      scale: this.#scale,
      open: opened.has(match.id),
      onopen: (open) => {
        if (open === opened.has(match.id)) return;
        if (open) opened.add(match.id);
        else opened.delete(match.id);
        this.#open = opened;
        this.#redrawList();
      },
    });
  };

  get #scale() {
    return scaleOf(this.#ranking.list.items.map(({ base_log_odds, reasons }) => ({ base: base_log_odds, reasons })),
      'log-odds');
  }

  #redrawList() {
    /** @type {import('../../components/feed.js').Feed | null} */ (this.querySelector('pw-feed'))?.update();
  }

  draw() {
    const { value: project, error, retry } = this.#project;
    const sentences = words().projectMatches;
    if (!project && error) return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'visually-hidden' }, sentences.label), failed(error, retry));
    const { list, turn, poolSize, busy } = this.#ranking;
    this.#redrawList();
    return h('div', { class: 'page' },
      h('p', { class: 'kicker' }, h('a', { class: 'back', href: href('project', { id: this.params.id }) },
        icon('back'), sentences.toProject)),
      h('h1', { class: 'page-title' }, h('span', { class: 'candidate-heading' }, sentences.heading), ' ',
        h('span', { dir: 'auto' }, project?.title ?? '…')),
      h('div', { class: 'candidate-header' },
        project ? skillList(project.skills) : h('span', null),
        h('div', { class: 'actions' },
          h('a', { class: 'button button-quiet', href: href('edit-project', this.params) }, icon('edit'),
            words().projectForm.editMenu),
          h('a', { class: 'button button-quiet', href: href('project-bids', this.params) },
            icon('chart'), words().shell.bids))),
      project?.status === 'closed' ? h('p', { class: 'status-note' }, words().project.closed, ' ',
        h('a', { href: href('edit-project', { id: project.id }) }, sentences.reopen)) : null,
      h('div', { class: 'columns candidate-columns' },
        h('div', { class: 'column-main', 'aria-busy': busy ? 'true' : 'false' },
          h('div', { class: 'candidate-count' },
            h('h2', { class: 'section-title' }, poolSize === null ? sentences.label : sentences.pool(poolSize)),
            busy && turn > 0 ? h('span', { class: 'candidate-working' }, sentences.working) : null),
          h('p', { class: 'candidate-legend' }, sentences.legend),
          this.#ranking.error ? failed(this.#ranking.error, this.#ranking.again) : null,
          turn === 0 ? (busy ? loading(3) : null) : h('pw-feed', {
            key: `ranking.${turn}`,
            class: `feed-single ${busy ? 'is-stale' : ''}`,
            '.list': list,
            '.item': this.#card,
            '.label': sentences.label,
            '.whenEmpty': () => this.#whenEmpty(),
          })),
        h('aside', { class: 'column-side', 'aria-label': sentences.controls },
          controls(this.#filter, {
            change: this.#change,
            open: this.#controlsOpen,
            onopen: (open) => {
              this.#controlsOpen = open;
              this.update();
            },
          }))),
      h('p', { class: 'visually-hidden', role: 'status' }, busy ? '' : this.#announcement));
  }

  #whenEmpty() {
    const sentences = words().projectMatches;
    return empty(sentences.none, sentences.noneText,
      this.#filter.min_skill_overlap === '0' ? null : h('a', {
        class: 'button', href: href('matches', this.params, { ...this.#filter, min_skill_overlap: '0' }),
      }, sentences.showAll),
      h('a', { class: 'button button-quiet', href: href('edit-project', this.params) }, words().projectForm.editMenu));
  }
}

customElements.define('view-matches', MatchesView);
