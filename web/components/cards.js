/** A project and a freelancer in short, as lists show them. */
import { budgetRange, list, languageName, money, number, percent, relative } from '../core/format.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { href } from '../core/router.js';
import { icon } from './icon.js';

/** @typedef {import('../api/call.js').Schema<'Project'>} Project */
/** @typedef {import('../api/call.js').Schema<'Freelancer'>} Freelancer */

/** Cards show so many skills; the page shows all. */
const SKILLS = 5;

/**
 * A budget in words: "30,000–60,000 won an hour", "1,200 euros in all".
 *
 * @param {Project['budget']} budget
 */
export function budgetSentence(budget) {
  if (!budget) return words().common.budgetOpen;
  return words().common.budget[budget.kind](budgetRange(budget));
}

/**
 * Skills as small labels.
 *
 * @param {string[]} skills
 * @param {object} [options]
 * @param {number} [options.most] So many are shown; the rest is a number.
 * @param {'home' | 'freelancers'} [options.linked] Each label leads to this list, narrowed to the skill.
 */
export function skillList(skills, { most = Infinity, linked } = {}) {
  const rest = skills.length - most;
  return h('ul', { class: 'chips', 'aria-label': words().common.skills },
    skills.slice(0, most).map((skill) => h('li', { key: skill, class: linked ? null : 'chip', dir: 'auto' },
      linked ? h('a', { class: 'chip chip-link', href: href(linked, {}, { skill }) }, skill) : skill)),
    rest > 0 ? h('li', { class: 'chip chip-rest' }, words().common.more(rest)) : null);
}

/**
 * @param {import('./icon.js').IconName} name
 * @param {import('../core/description.js').Children} text
 */
export function fact(name, text) {
  return h('li', { class: 'fact' }, icon(name), h('span', null, text));
}

/** @param {Project} project */
export function projectCard(project) {
  return h('article', { class: 'card card-link' },
    h('p', { class: 'card-kicker' }, h('span', { dir: 'auto' }, project.category), ' · ',
      h('time', { datetime: project.created_at }, relative(project.created_at))),
    h('h3', { class: 'card-title', dir: 'auto' },
      h('a', { href: href('project', { id: project.id }) }, project.title)),
    project.description ? h('p', { class: 'card-text', dir: 'auto' }, project.description) : null,
    skillList(project.skills, { most: SKILLS }),
    h('ul', { class: 'facts' },
      fact('money', budgetSentence(project.budget)),
      project.weekly_hours ? fact('clock', words().common.weeklyHours(project.weekly_hours)) : null,
      project.languages?.length ? fact('globe', list(project.languages.map(languageName))) : null));
}

/** @param {Freelancer} freelancer */
export function freelancerCard(freelancer) {
  return h('article', { class: 'card card-link' },
    h('div', { class: 'card-head' },
      avatar(freelancer.display_name),
      h('div', { class: 'card-names' },
        h('h3', { class: 'card-title', dir: 'auto' },
          h('a', { href: href('freelancer', { id: freelancer.id }) }, freelancer.display_name)),
        h('p', { class: 'card-kicker', dir: 'auto' }, freelancer.category))),
    h('p', { class: 'card-text card-lead', dir: 'auto' }, freelancer.headline),
    skillList(freelancer.skills, { most: SKILLS }),
    h('ul', { class: 'facts' },
      freelancer.hourly_rate ? fact('money', words().common.anHour(money(freelancer.hourly_rate))) : null,
      fact('star', standing(freelancer)),
      freelancer.languages?.length ? fact('globe', list(freelancer.languages.map(languageName))) : null));
}

/**
 * A freelancer's record in a few words.
 *
 * @param {Freelancer} freelancer
 */
function standing({ rating, completed_jobs, hire_rate }) {
  if (rating === null && completed_jobs === 0) return words().common.newcomer;
  const parts = [];
  if (rating !== null) parts.push(number(rating, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
  parts.push(words().common.jobs(completed_jobs));
  if (hire_rate !== null && rating === null) parts.push(words().common.hired(percent(hire_rate)));
  return parts.join(' · ');
}

/**
 * The first letter of a name in a circle whose shade belongs to the name.
 *
 * @param {string} name
 * @param {'normal' | 'large'} [size]
 */
export function avatar(name, size = 'normal') {
  const look = `avatar avatar-${size} avatar-${shadeOf(name)}`;
  return h('span', { class: look, 'aria-hidden': 'true' }, firstLetter(name));
}

/** @param {string} name */
function firstLetter(name) {
  for (const { segment } of new Intl.Segmenter().segment(name.trim())) return segment.toLocaleUpperCase();
  return '·';
}

/** @param {string} name */
function shadeOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % 5;
}
