/** One project for the freelancer: what it is, how likely both sides say yes, and why. */
import { budgetSentence, fact } from '../../components/cards.js';
import { waterfall } from '../../components/waterfall.js';
import { percent } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';
import { skillKey } from './skill-key.js';

/** @typedef {import('../../api/call.js').Schema<'FreelancerMatch'>} FreelancerMatch */

/**
 * @param {FreelancerMatch} match
 * @param {object} options
 * @param {Set<string>} options.mine Keys of the freelancer's own skills.
 * @param {import('../../components/waterfall.js').Scale} options.scale One for all cards, so that their bars compare.
 */
export function matchCard(match, { mine, scale }) {
  const { myMatches: matches } = words();
  const { project } = match;
  return h('article', { class: 'card my-match' },
    h('div', { class: 'match-head' },
      h('div', null,
        h('p', { class: 'card-kicker', dir: 'auto' }, project.category),
        h('h2', { class: 'card-title', dir: 'auto' },
          h('a', { href: href('project', { id: project.id }) }, project.title))),
      h('p', { class: 'match-score' },
        h('span', { class: 'match-score-value' }, percent(match.score, 1)),
        h('span', { class: 'match-score-label' }, matches.score))),
    skills(project.skills, mine),
    h('ul', { class: 'facts' }, fact('money', budgetSentence(project.budget))),
    h('dl', { class: 'sides' },
      side(matches.interest, match.freelancer_interest),
      side(matches.choice, match.client_choice)),
    waterfall({
      base: match.base_log_odds,
      reasons: match.reasons,
      scale,
      caption: matches.reasons,
      start: matches.base,
      end: matches.scoreRow,
    }),
    h('div', { class: 'actions' },
      h('a', { class: 'button', href: href('advice', { id: project.id }) }, matches.toAdvice)));
}

/** The wanted skills; the freelancer's own are marked. @param {string[]} wanted @param {Set<string>} mine */
function skills(wanted, mine) {
  const { myMatches: matches, common } = words();
  return h('ul', { class: 'chips', 'aria-label': common.skills }, wanted.map((skill) => {
    const has = mine.has(skillKey(skill));
    return h('li', { key: skill, class: `chip ${has ? 'chip-mine' : ''}`, dir: 'auto' },
      skill, has ? h('span', { class: 'visually-hidden' }, ` (${matches.yours})`) : null);
  }));
}

/** @param {string} label @param {number} share */
function side(label, share) {
  return h('div', { class: 'side', key: label },
    h('dt', null, label),
    h('dd', null, percent(share), h('span', { class: 'side-meter', 'aria-hidden': 'true' },
      h('span', { class: 'side-meter-value', style: { '--share': share.toFixed(4) } }))));
}
