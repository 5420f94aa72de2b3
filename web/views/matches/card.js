/** A freelancer for the project: who they are, both sides' probabilities, and the reasons as bars. */
import { avatar } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { chance, factor, stepsOf, waterfall } from '../../components/waterfall.js';
import { money } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';

/** @typedef {import('./ranking.js').Match} Match */

/** So many reasons are named while the bars are folded away. */
const STRONGEST = 3;

/**
 * @param {Match} match
 * @param {object} options
 * @param {string[]} options.wanted The skills that the project wants.
 * @param {import('../../components/waterfall.js').Scale} options.scale
 * @param {boolean} options.open Whether the bars are shown.
 * @param {(open: boolean) => void} options.onopen
 */
export function matchCard(match, { wanted, scale, open, onopen }) {
  const { freelancer, score } = match;
  const sentences = words().projectMatches;
  return h('article', { class: 'card candidate', 'data-match': match.id, 'aria-labelledby': `candidate-${match.id}` },
    h('div', { class: 'candidate-top' },
      h('div', { class: 'candidate-who' },
        h('div', { class: 'card-head' },
          avatar(freelancer.display_name),
          h('div', { class: 'card-names' },
            h('h3', { class: 'card-title', id: `candidate-${match.id}`, dir: 'auto' },
              h('span', { class: 'candidate-rank' }, h('span', { class: 'visually-hidden' }, `${sentences.rank} `),
                match.rank), ' ',
              h('a', { href: href('freelancer', { id: freelancer.id }) }, freelancer.display_name),
              match.newcomer ? h('span', { class: 'badge' }, words().common.newcomer) : null),
            h('p', { class: 'candidate-headline', dir: 'auto' }, freelancer.headline))),
        skills(freelancer.skills, wanted),
        freelancer.hourly_rate
          ? h('p', { class: 'fact candidate-price' },
            icon('money'), words().common.anHour(money(freelancer.hourly_rate))) : null),
      odds(match)),
    h('details', {
      class: 'candidate-why',
      '.open': open,
      ontoggle: (/** @type {Event} */ event) => onopen(/** @type {HTMLDetailsElement} */ (event.currentTarget).open),
    },
      h('summary', { class: 'candidate-summary' },
        h('span', { class: 'candidate-question' }, icon('next'), sentences.why(chance(score))),
        open ? null : h('span', { class: 'candidate-strongest', key: 'strongest' }, strongest(match))),
      h('div', { class: 'candidate-bars' }, waterfall({
        base: match.base_log_odds,
        reasons: match.reasons,
        scale,
        caption: sentences.caption(freelancer.display_name),
        start: sentences.start,
        end: sentences.end,
      }))));
}

/** @param {Match} match */
function odds({ score, freelancer_interest, client_choice }) {
  const sentences = words().projectMatches;
  return h('div', { class: 'odds' },
    h('p', { class: 'odds-score' }, h('strong', null, chance(score)), ' ', h('span', null, sentences.score)),
    h('dl', { class: 'odds-sides' },
      side(sentences.proposes, freelancer_interest),
      side(sentences.hires, client_choice)));
}

/** @param {string} name @param {number} share */
function side(name, share) {
  return h('div', { class: 'odds-side' },
    h('dt', null, name),
    h('dd', null, chance(share),
      h('span', { class: 'share-bar', 'aria-hidden': 'true', style: { '--share': share } })));
}

/**
 * A freelancer's skills; those that the project names come first and are marked.
 *
 * @param {string[]} skills
 * @param {string[]} wanted
 */
function skills(skills, wanted) {
  const names = new Set(wanted.map(plain));
  const has = (/** @type {string} */ skill) => names.has(plain(skill));
  const ordered = [...skills.filter(has), ...skills.filter((skill) => !has(skill))];
  return h('ul', { class: 'chips', 'aria-label': words().common.skills }, ordered.map((skill) => h('li', {
    key: skill, class: `chip ${has(skill) ? 'chip-wanted' : ''}`, dir: 'auto',
  }, has(skill) ? wantedMark() : null, skill)));
}

function wantedMark() {
  return [icon('check'), h('span', { class: 'visually-hidden' }, `${words().projectMatches.wanted} `)];
}

/** @param {string} skill */
function plain(skill) {
  return skill.normalize('NFKC').toLocaleLowerCase().replace(/[\s-]+/g, ' ').trim();
}

/** @param {Match} match */
function strongest({ base_log_odds, reasons }) {
  return stepsOf(base_log_odds, reasons).slice(0, STRONGEST).map(({ reason }) => h('span', { key: reason.feature },
    h('span', { dir: 'auto' }, reason.sentence), ' ',
    h('b', { class: reason.contribution < 0 ? 'is-down' : 'is-up' }, factor(reason.contribution))));
}
