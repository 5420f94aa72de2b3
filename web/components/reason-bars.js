/**
 * `reasonBars`: why a match scores as it does, as bars that add up.
 *
 * The first row is a pair of whom nothing is known. Each bar begins where the one before ends; the last row is the
 * score. Lengths are log-odds, the scale on which contributions add up; the two ends are told in percent too.
 */
import { number, percent } from '../core/format.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { adoptSheet } from '../core/sheet.js';

await adoptSheet(import.meta.resolve('./reason-bars.css'));

/** @typedef {import('../api/call.js').Schema<'Reason'>} Reason */
/**
 * @typedef {object} Explained The part of a judgement that is drawn.
 * @property {number} score
 * @property {number} log_odds
 * @property {number} base_log_odds
 * @property {(Pick<Reason, 'feature' | 'contribution'> & { sentence?: string })[]} reasons
 */

/** A contribution of less than this, in log-odds, is not worth a bar. */
const SMALL = 0.005;

/**
 * @param {Explained} explained
 * @param {object} [options]
 * @param {number} [options.most] So many of the greatest get a bar of their own; the others share one.
 */
export function reasonBars(explained, { most = Infinity } = {}) {
  const sentences = words().myMatches;
  const known = explained.reasons.filter(({ contribution }) => Math.abs(contribution) >= SMALL)
    .sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
  // One more bar says more than a bar for a single rest.
  const shown = known.length <= most + 1 ? known : known.slice(0, most);
  const rest = explained.reasons.filter((reason) => !shown.includes(reason));
  const restSum = rest.reduce((sum, { contribution }) => sum + contribution, 0);
  /** @type {{ key: string, label: string, contribution: number }[]} */
  const bars = shown.map(({ feature, contribution, sentence }) => ({
    key: feature,
    label: sentence ?? featureName(feature),
    contribution,
  }));
  if (known.length > shown.length) {
    bars.push({ key: 'rest', label: sentences.restOf(known.length - shown.length), contribution: restSum });
  }

  let at = explained.base_log_odds;
  const ends = [at, ...bars.map(({ contribution }) => (at += contribution)), explained.log_odds];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const width = Math.max(high - low, 0.5);
  const place = (/** @type {number} */ value) => (value - low) / width;
  let start = explained.base_log_odds;
  return h('ol', { class: 'reasons', 'aria-label': sentences.reasons },
    h('li', { class: 'reason reason-end', key: 'base' },
      h('span', { class: 'reason-label' }, sentences.base),
      h('span', { class: 'reason-figure' }, percent(probability(explained.base_log_odds), 1)),
      bar('base', place(start), place(start))),
    bars.map(({ key, label, contribution }) => {
      const [from, to] = [start, start + contribution];
      const kind = contribution < 0 ? 'against' : 'for';
      start = to;
      return h('li', { class: 'reason', key },
        h('span', { class: 'reason-label' }, label),
        h('span', { class: `reason-figure reason-${kind}` }, signed(contribution)),
        bar(kind, place(Math.min(from, to)), place(Math.max(from, to))));
    }),
    h('li', { class: 'reason reason-end', key: 'score' },
      h('span', { class: 'reason-label' }, sentences.scoreRow),
      h('span', { class: 'reason-figure' }, percent(explained.score, 1)),
      bar('score', place(explained.log_odds), place(explained.log_odds))));
}

/** Whether some reasons share a bar. @param {Explained} explained @param {number} most As for `reasonBars`. */
export function hasMoreReasons({ reasons }, most) {
  return reasons.filter(({ contribution }) => Math.abs(contribution) >= SMALL).length > most + 1;
}

/** The name of a feature without its number. @param {string} feature */
export function featureName(feature) {
  return /** @type {Record<string, string>} */ (words().myMatches.features)[feature] ?? feature;
}

/** @param {string} kind @param {number} from 0 to 1. @param {number} to */
function bar(kind, from, to) {
  return h('span', { class: 'reason-track', 'aria-hidden': 'true' }, h('span', {
    class: `reason-bar reason-bar-${kind}`,
    style: { '--from': from.toFixed(4), '--to': to.toFixed(4) },
  }));
}

/** @param {number} logOdds */
function probability(logOdds) {
  return 1 / (1 + Math.exp(-logOdds));
}

/** @param {number} contribution */
function signed(contribution) {
  return number(contribution, { signDisplay: 'exceptZero', minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
