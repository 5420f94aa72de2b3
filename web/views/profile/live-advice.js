/**
 * `<pw-live-advice>`: what a skill would do for one's rank, while it is typed.
 *
 * It answers for the skill in the field, then for skills that are added and not saved, and else shows the skills that
 * would help most among the best matches. All ranks come from the API and hold for the profile as it is saved.
 */
import { icon } from '../../components/icon.js';
import { failed } from '../../components/states.js';
import { Component } from '../../core/component.js';
import { rankOf } from '../../core/format.js';
import { words } from '../../core/language.js';
import { isAbort } from '../../core/problem.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';
import { pause } from '../../core/time.js';
import { adviceBook } from '../my-matches/advice-book.js';
import { skillKey } from '../my-matches/skill-key.js';

/** @typedef {import('../my-matches/advice-book.js').Overview} Overview */
/** @typedef {import('../my-matches/ranks.js').SkillEffect} SkillEffect */
/** @typedef {import('../my-matches/advice-book.js').TypedSkill} TypedSkill */

/** How long the typing rests before the API is asked, in ms. */
const REST_MS = 400;
/** A skill is asked for from so many characters on. */
const SHORTEST = 2;
/** So many added skills are followed at a time. */
const ADDED = 3;
/** So many skills of the overview are shown. */
const HELPFUL = 5;

export class LiveAdvice extends Component {
  #typed = '';
  #version = '';
  /** What is typed into the field and not added yet. */
  get typed() {
    return this.#typed;
  }

  set typed(typed) {
    if (typed === this.#typed) return;
    this.#typed = typed;
    this.#follow();
  }

  /** The account and the `ETag` of its saved profile; '' before the first one is saved. */
  get version() {
    return this.#version;
  }

  set version(version) {
    if (version === this.#version) return;
    this.#version = version;
    if (this.isConnected) this.#restart();
  }

  #skills = /** @type {string[]} */ ([]);
  /** The skills in the form. @returns {string[]} */
  get skills() {
    return this.#skills;
  }

  set skills(skills) {
    if (skills === this.#skills) return;
    this.#skills = skills;
    this.#follow();
  }

  /** The skills of the saved profile; null before the first one is saved. @type {string[] | null} */
  saved = null;
  /** Adds a skill to the form. @type {(skill: string) => void} */
  add = () => {};

  /** @type {Overview | null} */
  #overview = null;
  #isReading = false;
  /** @type {unknown} */
  #error = null;
  /** Answers by the key of the skill; null while it is asked for. @type {Map<string, TypedSkill | null>} */
  #effects = new Map();
  #turn = 0;

  connected() {
    this.#restart();
  }

  #restart() {
    adviceBook.use(this.#version);
    this.#effects.clear();
    this.#overview = null;
    this.#readOverview();
    this.#follow();
  }

  async #readOverview() {
    if (this.#version === '') return this.update();
    const version = this.#version;
    this.#isReading = true;
    this.#error = null;
    this.update();
    try {
      const shown = (/** @type {Overview} */ overview) => {
        if (version !== this.#version) return;
        this.#overview = overview;
        this.update();
      };
      shown(await adviceBook.overview(this.signal, shown));
    } catch (error) {
      if (!isAbort(error)) this.#error = error;
    }
    this.#isReading = false;
    this.update();
  }

  /** The skills that are asked about now: the one in the field, and those that are added and not saved. */
  get #asked() {
    const saved = new Set((this.saved ?? []).map(skillKey));
    const added = this.skills.filter((skill) => !saved.has(skillKey(skill))).slice(-ADDED).reverse();
    const typed = this.typed.length >= SHORTEST ? [this.typed] : [];
    const keys = new Set();
    return [...typed, ...added].filter((skill) => !keys.has(skillKey(skill)) && keys.add(skillKey(skill)));
  }

  /** Asks about skills once the typing rests. */
  async #follow() {
    if (!this.isConnected) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.update();
    try {
      await pause(REST_MS, this.signal);
    } catch {
      return;
    }
    if (turn !== this.#turn) return;
    for (const skill of this.#asked) this.#ask(skill);
  }

  /** @param {string} skill */
  async #ask(skill) {
    const key = skillKey(skill);
    if (this.#effects.has(key)) return;
    this.#effects.set(key, null);
    this.update();
    try {
      this.#effects.set(key, await adviceBook.ofSkill(skill, this.signal));
    } catch {
      // The skill may be asked about again.
      this.#effects.delete(key);
    }
    this.update();
  }

  draw() {
    const { profile } = words();
    const asked = this.#asked;
    return h('section', { class: 'panel advice', 'aria-labelledby': 'advice-title' },
      h('h2', { class: 'panel-title', id: 'advice-title' }, icon('spark'), profile.advice),
      h('div', { class: 'advice-asked', 'aria-live': 'polite' }, asked.map((skill) => this.#answer(skill))),
      this.#version === '' ? h('p', { class: 'page-lead' }, profile.adviceNew) : this.#helpful());
  }

  /** @param {string} skill */
  #answer(skill) {
    const { profile } = words();
    const key = skillKey(skill);
    const answer = this.#effects.get(key);
    const has = this.saved?.some((one) => skillKey(one) === key);
    return h('div', { class: 'effect', key: `asked ${key}` },
      h('p', { class: 'effect-skill', dir: 'auto' }, skill),
      !answer ? h('p', { class: 'page-lead' }, profile.looking) : [
        answer.effect ? effectSentence(answer.effect, profile.forProjects(answer.effect.steps.length)) : null,
        h('p', { class: 'effect-note' }, profile.wanted(answer.wanted, answer.more), ' ',
          answer.more && answer.effect ? profile.wantedLooked(answer.wanted) : null,
          has ? profile.has : !answer.effect && answer.wanted > 0 && this.#version !== '' ? profile.noRank : null),
        answer.effect ? steps(answer.effect) : null,
      ]);
  }

  #helpful() {
    const { profile } = words();
    if (this.#error) return failed(this.#error, () => this.#readOverview());
    const overview = this.#overview;
    const own = new Set(this.skills.map(skillKey));
    if (!overview) return h('p', { class: 'page-lead', role: 'status' }, profile.looking);
    const skills = overview.skills.filter(({ skill }) => !own.has(skillKey(skill))).slice(0, HELPFUL);
    return [
      skills.length > 0 ? h('h3', { class: 'advice-subtitle', key: 'helpful' }, profile.helpful) : null,
      h('ul', { class: 'effects', key: 'effects' }, skills.map((effect) => h('li', {
        key: effect.skill, class: 'effect',
      },
        h('div', { class: 'effect-head' },
          h('p', { class: 'effect-skill', dir: 'auto' }, effect.skill),
          h('button', {
            class: 'button button-quiet button-small', type: 'button', 'aria-label': profile.addSkill(effect.skill),
            onclick: () => this.add(effect.skill),
          }, icon('plus'), profile.addIt)),
        effectSentence(effect, profile.forProjectsOf(effect.steps.length, overview.looked)),
        steps(effect)))),
      h('p', { class: 'effect-note', key: 'note', role: 'status' },
        this.#isReading ? profile.looking
          : overview.looked === 0 ? profile.noMatches
          : [overview.skills.length === 0 ? `${profile.noHelp} ` : '',
            profile.lookedAt(overview.looked, overview.projects), ' ', profile.adviceSaved]),
    ];
  }
}

/**
 * "You would stand 3rd instead of 14th for 12 open projects."
 *
 * @param {SkillEffect} effect
 * @param {string} scope
 */
function effectSentence({ before, after, steps: { length } }, scope) {
  const { profile } = words();
  const sentence = after === null ? profile.stillNot(scope)
    : before === null ? profile.listed(rankOf(after), scope)
    : before === after ? profile.same(rankOf(after), scope)
    : profile.step(rankOf(after), rankOf(before), scope);
  return h('p', null, sentence, length > 1 ? h('span', { class: 'effect-note' }, ' ', profile.middle) : null);
}

/** @param {SkillEffect} effect */
function steps(effect) {
  const { profile, myMatches: matches } = words();
  if (effect.steps.length < 2) return null;
  return h('details', { class: 'effect-steps' },
    h('summary', null, profile.each),
    h('ul', null, effect.steps.map(({ project, before, after }) => h('li', { key: project.id },
      h('a', { href: href('advice', { id: project.id }), dir: 'auto' }, project.title),
      h('span', { class: 'effect-ranks' },
        before === null ? matches.notListed : rankOf(before), ' → ',
        after === null ? matches.notListed : rankOf(after))))));
}

customElements.define('pw-live-advice', LiveAdvice);
