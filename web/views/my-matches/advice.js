/** Where the freelancer stands for one project, what stands in the way, and what would help. */
import { budgetSentence, skillList } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { empty, failed, loading } from '../../components/states.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { list, languageName, money, percent, rankOf } from '../../core/format.js';
import { words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { adoptSheet } from '../../core/sheet.js';

await adoptSheet(import.meta.resolve('./matches.css'));

/** @typedef {import('../../api/call.js').Schema<'Advice'>} Advice */
/** @typedef {import('../../api/call.js').Schema<'Project'>} Project */
/** @typedef {import('../../api/call.js').Schema<'Freelancer'>} Freelancer */

/** The field of the profile that an obstacle is about. @type {Record<string, string>} */
const FIELD_OF = {
  unavailable: 'weekly_hours',
  no_shared_language: 'languages',
  other_currency: 'hourly_rate',
  above_budget: 'hourly_rate',
  too_few_skills: 'skills',
};

export default class AdviceView extends View {
  #project = new Resource((signal) => get('/projects/{id}', { path: { id: this.params.id }, signal }));
  #profile = new Resource((signal) => get('/freelancers/me', { signal }));
  #advice = new Resource((signal) => get('/freelancers/me/matches/{project_id}/advice',
    { path: { project_id: this.params.id }, signal }));

  get title() {
    return words().myMatches.adviceTitle;
  }

  connected() {
    this.watch(this.#project, this.#profile, this.#advice);
    this.#project.load(this.signal);
    this.#profile.load(this.signal);
    this.#advice.load(this.signal);
  }

  /** The sentences of the advice come from the API. */
  languageChanged() {
    this.#advice.load(this.signal);
  }

  draw() {
    const { value: project } = this.#project;
    return h('div', { class: 'page page-middle' },
      h('p', { class: 'kicker' },
        h('a', { class: 'back-link', href: href('my-matches') }, icon('back'), words().shell.myMatches)),
      h('h1', { class: 'page-title' }, this.title),
      project ? h('p', { class: 'page-lead', dir: 'auto' },
        h('a', { href: href('project', { id: project.id }) }, project.title)) : null,
      this.#body());
  }

  #body() {
    const { myMatches: matches } = words();
    const { value: advice, error, retry } = this.#advice;
    if (this.#profile.error instanceof Problem && this.#profile.error.code === 'not_found') {
      return empty(matches.noProfile, matches.noProfileText,
        h('a', { class: 'button button-strong', href: href('profile') }, matches.makeProfile));
    }
    if (!advice) return error ? failed(error, retry) : loading(2, 'page');
    const { value: project } = this.#project;
    const { value: profile } = this.#profile;
    const isListed = advice.obstacle === null;
    return [
      h('section', { class: 'standing panel', key: 'standing', 'aria-labelledby': 'standing' },
        h('h2', { class: 'panel-title', id: 'standing' }, isListed ? matches.today : matches.without),
        h('p', { class: 'standing-rank' }, rankOf(advice.rank)),
        h('p', { class: 'page-lead' }, matches.chance(percent(advice.score, 1)))),
      isListed ? null : obstacle(advice, project, profile),
      project ? h('section', { class: 'section', key: 'wanted', 'aria-labelledby': 'wanted' },
        h('h2', { class: 'section-title', id: 'wanted' }, matches.wanted),
        skillList(project.skills)) : null,
      h('section', { class: 'section', key: 'skills', 'aria-labelledby': 'one-more' },
        h('h2', { class: 'section-title', id: 'one-more' }, matches.oneMore),
        advice.skills.length === 0
          ? empty(matches.allSkills, matches.allSkillsText)
          : [
            h('p', null, matches.oneMoreText),
            h('ul', { class: 'steps' }, advice.skills.map((one) => skillStep(one, advice))),
          ]),
    ];
  }
}

/**
 * Why the project does not list the freelancer, with the figures of both sides and the way to change it.
 *
 * @param {Advice} advice
 * @param {Project | undefined} project
 * @param {Freelancer | undefined} profile
 */
function obstacle({ obstacle: code, obstacle_sentence }, project, profile) {
  const { myMatches: matches } = words();
  if (!code) return null;
  const field = FIELD_OF[code];
  return h('section', { class: 'obstacle', key: 'obstacle', 'aria-labelledby': 'obstacle' },
    icon('warning'),
    h('div', null,
      h('h2', { class: 'panel-title', id: 'obstacle' }, obstacle_sentence),
      h('p', null, explanation(code, project, profile)),
      field ? h('p', { class: 'actions' },
        h('a', { class: 'button', href: href('profile', {}, { field }) }, matches.changeField[field])) : null));
}

/** @param {string} code @param {Project | undefined} project @param {Freelancer | undefined} profile */
function explanation(code, project, profile) {
  const { obstacles } = words().myMatches;
  const rate = profile?.hourly_rate ? words().common.anHour(money(profile.hourly_rate)) : '';
  const budget = project ? budgetSentence(project.budget) : '';
  const names = (/** @type {string[] | null | undefined} */ tags) => list((tags ?? []).map(languageName));
  switch (code) {
    case 'above_budget': return obstacles.above_budget(rate, budget);
    case 'other_currency': return obstacles.other_currency(rate, budget);
    case 'no_shared_language':
      return obstacles.no_shared_language(names(profile?.languages), names(project?.languages));
    case 'unavailable': return obstacles.unavailable;
    case 'too_few_skills': return obstacles.too_few_skills;
    case 'own_project': return obstacles.own_project;
    case 'project_closed': return obstacles.project_closed;
    default: return '';
  }
}

/** @param {Advice['skills'][number]} one @param {Advice} advice */
function skillStep({ skill, rank, shown, sentence }, advice) {
  const { myMatches: matches } = words();
  const before = advice.obstacle === 'too_few_skills' ? null : advice.rank;
  return h('li', { key: skill, class: 'step' },
    h('div', null,
      h('p', { class: 'step-skill', dir: 'auto' }, skill),
      h('p', { class: 'step-ranks' },
        h('span', { class: 'visually-hidden' }, sentence),
        h('span', { 'aria-hidden': 'true' }, ranks(before, shown ? rank : null)))),
    h('a', {
      class: 'button button-quiet',
      href: href('profile', {}, { add: skill }),
      'aria-label': matches.addSkill(skill),
    }, icon('plus'), matches.add));
}

/** "14th → 3rd". @param {number | null} before @param {number | null} after */
function ranks(before, after) {
  const { myMatches: matches } = words();
  const name = (/** @type {number | null} */ rank) => (rank === null ? matches.notListed : rankOf(rank));
  if (before === after) return matches.still(name(after));
  return [name(before), ' → ', h('strong', null, name(after))];
}

customElements.define('view-advice', AdviceView);
