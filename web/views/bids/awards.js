/** The compared bids: cards, the likeliest to be hired first, with bars from an average bid to each chance. */
import { avatar } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { chance, scaleOf, waterfall } from '../../components/waterfall.js';
import { money } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** @typedef {import('../../api/call.js').Schema<'Awards'>} Awards */
/** @typedef {import('../../api/call.js').Schema<'Award'>} Award */

/** So many cards are drawn at a time. */
export const CARDS = 20;
const LEAST_PROBABILITY = 1e-12;

/** @param {Award} award */
const total = ({ reasons }) => reasons.reduce((sum, reason) => sum + reason.contribution, 0);

/**
 * The place of an average bid on the scale: a bid's log-probability without its reasons. It is the same for all bids,
 * since contributions are measured from the mean of all bids.
 *
 * @param {Award[]} awards The likeliest first, whose probability is known best.
 */
export function averagePlace([first]) {
  return Math.log(Math.max(first.probability, LEAST_PROBABILITY)) - total(first);
}

/**
 * @param {Awards} awards
 * @param {object} options
 * @param {(index: number) => string} options.nameOf The name of a bid by its index in the request.
 * @param {(index: number) => boolean} options.saysTerms Whether the bid says enough to be held against the terms.
 * @param {number} options.shown How many cards are drawn.
 * @param {() => void} options.more
 */
export function awardCards(awards, { nameOf, saysTerms, shown, more }) {
  const { bids: sentences, common } = words();
  const { items } = awards;
  const base = averagePlace(items);
  const scale = scaleOf(items.slice(0, shown).map(({ reasons }) => ({ base, reasons })), 'log-chance');
  return [
    h('ol', { class: 'feed awards', 'aria-label': sentences.result }, items.slice(0, shown).map((award, place) =>
      h('li', { key: award.index }, awardCard(award, {
        place, base, scale, name: nameOf(award.index), isOutside: !award.eligible && saysTerms(award.index),
      })))),
    shown < items.length ? h('div', { class: 'feed-end' },
      h('button', { class: 'button button-quiet', type: 'button', onclick: more }, common.showMore)) : null,
  ];
}

/**
 * @param {Award} award
 * @param {{
 *   place: number, base: number, scale: import('../../components/waterfall.js').Scale,
 *   name: string, isOutside: boolean,
 * }} options
 */
function awardCard({ index, freelancer, probability, reasons }, { place, base, scale, name, isOutside }) {
  const { bids: sentences, common } = words();
  return h('article', { class: 'card award', 'aria-labelledby': `award-${index}` },
    h('div', { class: 'award-top' },
      h('div', { class: 'card-head' },
        avatar(name),
        h('div', { class: 'card-names' },
          h('h3', { class: 'card-title', id: `award-${index}`, dir: 'auto' },
            h('span', { class: 'candidate-rank' }, place + 1), ' ', name,
            isOutside ? h('span', { class: 'badge' }, sentences.notEligible) : null),
          freelancer.headline ? h('p', { class: 'candidate-headline', dir: 'auto' }, freelancer.headline) : null)),
      h('p', { class: 'award-chance' }, h('strong', null, chance(probability)), ' ', sentences.probability,
        h('span', { class: 'share-bar', 'aria-hidden': 'true', style: { '--share': probability } }))),
    h('ul', { class: 'chips', 'aria-label': common.skills }, freelancer.skills.map((skill) =>
      h('li', { key: skill, class: 'chip', dir: 'auto' }, skill))),
    freelancer.hourly_rate ? h('p', { class: 'fact candidate-price' }, icon('money'),
      common.anHour(money(freelancer.hourly_rate))) : null,
    // The renderer leaves `open` alone, so the reader's choice stays.
    h('details', { class: 'candidate-why', open: place === 0 },
      h('summary', { class: 'candidate-summary' },
        h('span', { class: 'candidate-question' }, icon('next'), words().projectMatches.why(chance(probability)))),
      h('div', { class: 'candidate-bars' }, waterfall({
        base, reasons, scale, caption: words().projectMatches.caption(name), start: sentences.start, end: sentences.end,
      }))));
}
