/** Ranks with one more skill, over one project and over several. */

/** @typedef {import('../../api/call.js').Schema<'Advice'>} Advice */
/** @typedef {import('../../api/call.js').Schema<'ProjectSummary'>} ProjectSummary */
/**
 * @typedef {object} Step The effect of one skill on one project.
 * @property {Pick<ProjectSummary, 'id' | 'title'>} project
 * @property {number | null} before The rank today; null if the project does not list the freelancer.
 * @property {number | null} after The rank with the skill; null if it still would not.
 */
/**
 * @typedef {object} SkillEffect The effect of one skill over several projects.
 * @property {string} skill As projects spell it.
 * @property {number | null} before The middle rank today; null if most projects do not list the freelancer.
 * @property {number | null} after The middle rank with the skill.
 * @property {Step[]} steps The greatest gain first.
 */

/**
 * @param {Pick<ProjectSummary, 'id' | 'title'>} project
 * @param {Advice} advice
 * @param {Advice['skills'][number]} one
 * @returns {Step}
 */
export function stepOf({ id, title }, advice, one) {
  return {
    project: { id, title },
    before: advice.obstacle === 'too_few_skills' ? null : advice.rank,
    after: one.shown ? one.rank : null,
  };
}

/** @param {string} skill @param {Step[]} steps @returns {SkillEffect} */
export function effectOf(skill, steps) {
  return {
    skill,
    before: middle(steps.map((step) => step.before)),
    after: middle(steps.map((step) => step.after)),
    steps: [...steps].sort((one, other) => gain(other) - gain(one)),
  };
}

/**
 * The skills that help at all, by what they gain, over the projects for which they do.
 *
 * @param {SkillEffect[]} effects
 */
export function ranked(effects) {
  const sum = (/** @type {SkillEffect} */ effect) => effect.steps.reduce((total, step) => total + gain(step), 0);
  const helpful = effects.map(({ skill, steps }) => effectOf(skill, steps.filter((step) => gain(step) > 0)));
  return helpful.filter((effect) => effect.steps.length > 0).sort((one, other) => sum(other) - sum(one));
}

/** Not to be listed counts as a far rank. */
const UNLISTED = 1_000;

/** How much better a rank gets: from 10th to 5th is as much as from 2nd to 1st. @param {Step} step */
function gain({ before, after }) {
  return Math.log((before ?? UNLISTED) / (after ?? UNLISTED));
}

/** The middle one of ranks, the worse of two. @param {(number | null)[]} ranks */
function middle(ranks) {
  const rising = ranks.map((rank) => rank ?? Infinity).sort((one, other) => one - other);
  const rank = rising[Math.floor(rising.length / 2)];
  return Number.isFinite(rank) ? rank : null;
}
