/**
 * `<pw-live-preview>`: who fits a project that is being typed, the best five of the freelancers that the page has read.
 *
 * The market's own net runs in the browser (core/scorer.js), so nothing of the project is sent but the names of its
 * skills, by which freelancers are read from the public list. Embed it in a form that describes a project:
 *
 * ```js
 * import '../../components/live-preview.js';
 * h('pw-live-preview', { '.project': { title, description, skills, languages, budget } })
 * ```
 */
import { get } from '../core/api.js';
import { Component } from '../core/component.js';
import { words } from '../core/language.js';
import { isAbort } from '../core/problem.js';
import { queue } from '../core/queue.js';
import { h } from '../core/render.js';
import { href } from '../core/router.js';
import { loadScorer, recordOf } from '../core/scorer.js';
import { adoptSheet } from '../core/sheet.js';
import { pause } from '../core/time.js';
import { avatar } from './cards.js';
import { icon } from './icon.js';
import { loading } from './states.js';
import { chance, scaleOf, sheet, waterfall } from './waterfall.js';

await Promise.all([adoptSheet(import.meta.resolve('./live-preview.css')), sheet]);

/** @typedef {import('../core/scorer.js').TypedProject} TypedProject */
/** @typedef {import('../core/scorer.js').Freelancer} Freelancer */
/** @typedef {import('../core/scorer.js').Explained} Explained */

/** So many are shown. */
const BEST = 5;
/** How long the typing rests before anything is computed, in ms. */
const REST_MS = 300;
/** So many of the newest freelancers are read, whatever their skills. */
const NEWEST = 100;
/** So many are read for each skill, of at most so many skills. */
const OF_A_SKILL = 100;
const SKILLS = 10;
/** So many calls are under way at a time. */
const CALLS = 3;

export class LivePreview extends Component {
  /** @type {TypedProject} */
  #project = {};
  /** What the last computation was for. */
  #typed = '';
  /** Everybody who was read, by id. @type {Map<string, Freelancer>} */
  #freelancers = new Map();
  /** The lists that were asked for, by skill; '' is the newest. @type {Map<string, Promise<void>>} */
  #lists = new Map();
  #queue = queue(CALLS);
  /** @type {(Explained & { freelancer: Freelancer })[] | null} */
  #best = null;
  /** @type {unknown} */
  #error = null;
  #turn = 0;

  /** The project as far as it is typed. */
  get project() {
    return this.#project;
  }

  set project(project) {
    this.#project = project;
    const typed = JSON.stringify(project);
    if (typed === this.#typed) return;
    this.#typed = typed;
    this.#follow();
  }

  connected() {
    this.#follow();
  }

  get #skills() {
    return (this.#project.skills ?? []).map((skill) => skill.trim()).filter(Boolean).slice(0, SKILLS);
  }

  /** Computes once the typing rests, and again as more freelancers arrive. */
  async #follow() {
    if (!this.isConnected || this.#skills.length === 0) return this.update();
    this.#turn += 1;
    const turn = this.#turn;
    try {
      await pause(REST_MS, this.signal);
      if (turn !== this.#turn) return;
      this.#error = null;
      const lists = ['', ...this.#skills].map((skill) => this.#read(skill));
      await Promise.any(lists);
      await this.#compute(turn);
      await Promise.allSettled(lists);
      await this.#compute(turn);
    } catch (error) {
      if (!isAbort(error)) this.#error = error;
      this.update();
    }
  }

  /** Reads the newest freelancers with a skill, once. @param {string} skill */
  #read(skill) {
    const started = this.#lists.get(skill) ?? this.#queue(async () => {
      const { body } = await get('/freelancers',
        { query: { skill, limit: skill === '' ? NEWEST : OF_A_SKILL }, signal: this.signal });
      for (const freelancer of body.items) this.#freelancers.set(freelancer.id, freelancer);
    }).catch((error) => {
      this.#lists.delete(skill);
      throw error;
    });
    this.#lists.set(skill, started);
    return started;
  }

  /** @param {number} turn */
  async #compute(turn) {
    const scorer = await loadScorer();
    if (turn !== this.#turn || !this.isConnected) return;
    const freelancers = [...this.#freelancers.values()];
    const { best } = scorer.score(this.#project, freelancers.map(recordOf), { explained: BEST });
    this.#best = best.map((one) => ({ ...one, freelancer: freelancers[one.index] }));
    this.update();
  }

  draw() {
    const { myMatches: matches } = words();
    return h('section', { class: 'panel preview', 'aria-labelledby': 'preview-title' },
      h('h2', { class: 'panel-title', id: 'preview-title' }, icon('spark'), matches.previewTitle),
      h('p', { class: 'preview-note' }, matches.previewText),
      this.#body());
  }

  #body() {
    const { myMatches: matches } = words();
    if (this.#error) return h('p', { class: 'page-lead', role: 'status' }, matches.previewFailed);
    if (this.#skills.length === 0) return h('p', { class: 'page-lead' }, matches.previewWaiting);
    if (!this.#best) return loading(1);
    if (this.#best.length === 0) return h('p', { class: 'page-lead', role: 'status' }, matches.previewNobody);
    const judged = this.#best.map((one) => ({ base: one.base_log_odds, reasons: reasonsOf(one) }));
    const scale = scaleOf(judged, 'log-odds');
    return [
      h('ol', { class: 'preview-list', key: 'best' }, this.#best.map((one) => row(one, scale))),
      h('p', { class: 'preview-note', key: 'among', role: 'status' }, matches.previewAmong(this.#freelancers.size)),
    ];
  }
}

/** The sentences with figures come from the API; here the names of the features say enough. @param {Explained} one */
function reasonsOf({ reasons }) {
  const names = /** @type {Record<string, string>} */ (words().myMatches.features);
  return reasons.map((reason) => ({ ...reason, sentence: names[reason.feature] ?? reason.feature }));
}

/**
 * @param {Explained & { freelancer: Freelancer }} one
 * @param {import('./waterfall.js').Scale} scale
 */
function row(one, scale) {
  const { myMatches: matches } = words();
  const { freelancer } = one;
  return h('li', { class: 'preview-row', key: freelancer.id },
    h('div', { class: 'preview-person' },
      avatar(freelancer.display_name),
      h('div', { class: 'card-names' },
        h('h3', { class: 'card-title', dir: 'auto' },
          h('a', { href: href('freelancer', { id: freelancer.id }) }, freelancer.display_name)),
        h('p', { class: 'card-kicker', dir: 'auto' }, freelancer.headline)),
      h('p', { class: 'preview-score' }, chance(one.score))),
    h('p', { class: 'preview-sides' },
      h('span', null, matches.previewInterest, ' ', h('strong', null, chance(one.freelancer_interest))),
      h('span', null, matches.previewChoice, ' ', h('strong', null, chance(one.client_choice)))),
    h('details', { class: 'preview-why' },
      h('summary', null, matches.previewWhy),
      waterfall({
        base: one.base_log_odds,
        reasons: reasonsOf(one),
        scale,
        caption: matches.reasons,
        start: matches.base,
        end: matches.scoreRow,
      })));
}

customElements.define('pw-live-preview', LivePreview);
