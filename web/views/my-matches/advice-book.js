/**
 * Advice over many projects: where the freelancer stands today, and where with one more skill.
 *
 * The API advises on one project at a time. The book asks for a bounded number of projects, a few at a time, keeps the
 * answers for as long as the profile stays as it is, and says over how many projects each figure goes.
 */
import { get } from '../../core/api.js';
import { isAbort, Problem } from '../../core/problem.js';
import { queue } from '../../core/queue.js';
import { effectOf, ranked, stepOf } from './ranks.js';
import { skillKey } from './skill-key.js';

/** @typedef {import('../../api/call.js').Schema<'Advice'>} Advice */
/** @typedef {import('./ranks.js').SkillEffect} SkillEffect */
/**
 * @typedef {object} Overview
 * @property {number} looked How many projects the figures go over.
 * @property {number} projects How many projects match in all.
 * @property {SkillEffect[]} skills The most helpful first.
 */
/**
 * @typedef {object} TypedSkill
 * @property {number} wanted How many open projects ask for the skill, of those that were read.
 * @property {boolean} more Whether there are more projects than were read.
 * @property {SkillEffect | null} effect null if the profile has the skill, or if no project could be ranked.
 */

/** So many of the best matches are looked at for the overview. */
export const PROJECTS = 12;
/** So many calls are under way at a time. */
const CALLS = 3;
/** Advice changes with the market too, so it is asked for again after this time, in ms. */
const FRESH_MS = 5 * 60_000;

export class AdviceBook {
  #queue = queue(CALLS);
  /** @type {Map<string, { asked_at: number, advice: Promise<Advice> }>} */
  #kept = new Map();
  #version = '';

  /**
   * Forgets everything once the profile is another one.
   *
   * @param {string} version The account and the `ETag` of its profile.
   */
  use(version) {
    if (version === this.#version) return;
    this.#version = version;
    this.#kept.clear();
  }

  /**
   * The skills that help most for the best matches.
   *
   * @param {AbortSignal} signal
   * @param {(sofar: Overview) => void} [onProgress] Hears of each project that was read.
   * @returns {Promise<Overview>}
   */
  async overview(signal, onProgress) {
    const { body } = await get('/freelancers/me/matches', { query: { limit: PROJECTS }, signal });
    /** @type {Map<string, SkillEffect>} */
    const bySkill = new Map();
    let looked = 0;
    const sofar = () => ({ looked, projects: body.pool_size, skills: ranked([...bySkill.values()]) });
    await Promise.all(body.items.map(async ({ project }) => {
      const advice = await this.#ask(project.id, signal);
      if (!advice) return;
      looked += 1;
      for (const one of advice.skills) {
        const key = skillKey(one.skill);
        const { skill, steps } = bySkill.get(key) ?? { skill: one.skill, steps: [] };
        bySkill.set(key, effectOf(skill, [...steps, stepOf(project, advice, one)]));
      }
      onProgress?.(sofar());
    }));
    return sofar();
  }

  /**
   * The effect of a skill for open projects that ask for it.
   *
   * @param {string} skill
   * @param {AbortSignal} signal
   * @returns {Promise<TypedSkill>}
   */
  async ofSkill(skill, signal) {
    const { body } = await get('/projects', { query: { skill, limit: PROJECTS }, signal });
    const key = skillKey(skill);
    const found = await Promise.all(body.items.map(async (project) => {
      const advice = this.#version === '' ? null : await this.#ask(project.id, signal);
      const one = advice?.skills.find((candidate) => skillKey(candidate.skill) === key);
      return advice && one ? [stepOf(project, advice, one)] : [];
    }));
    const steps = found.flat();
    const spelled = body.items.flatMap((project) => project.skills).find((name) => skillKey(name) === key) ?? skill;
    return {
      wanted: body.items.length,
      more: Boolean(body.next_cursor),
      effect: steps.length > 0 ? effectOf(spelled, steps) : null,
    };
  }

  /**
   * @param {string} id
   * @param {AbortSignal} signal
   * @returns {Promise<Advice | null>} null for a project that went away meanwhile.
   */
  async #ask(id, signal) {
    const kept = this.#kept.get(id);
    if (kept && Date.now() - kept.asked_at < FRESH_MS) return kept.advice;
    try {
      const { body } = await this.#queue(() => get('/freelancers/me/matches/{project_id}/advice',
        { path: { project_id: id }, signal }));
      this.#kept.set(id, { asked_at: Date.now(), advice: Promise.resolve(body) });
      return body;
    } catch (error) {
      if (isAbort(error) || !(error instanceof Problem) || error.status !== 404) throw error;
      return null;
    }
  }
}

/** One book for the page: its views share what was read. */
export const adviceBook = new AdviceBook();
