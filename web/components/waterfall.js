/**
 * A waterfall: bars that add up from a start to a chance.
 *
 * Each reason moves the chance by an addend on a logarithmic scale, so its bar begins where the one before ended. The
 * scale is labelled with probabilities. It is a real table, so screen readers read each row as a sentence, its effect
 * and the chance so far.
 */
import { number, percent } from '../core/format.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { adoptSheet } from '../core/sheet.js';

/** @typedef {{ feature: string, contribution: number, sentence: string, value?: number | null }} Reason */
/** @typedef {{ from: number, to: number, reason: Reason }} Step */
/** @typedef {[place: number, chance: number]} Tick */
/** @typedef {{ low: number, high: number, chance: (place: number) => number, ticks: Tick[] }} Scale */

/** A smaller addend moves a bar by less than a pixel, so it is named without a bar. */
const LEAST = 0.005;
/** Probabilities that may be marked on a scale. */
const MARKS = {
  'log-odds': [0.0001, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99],
  'log-chance': [0.0001, 0.001, 0.01, 0.1, 0.3, 1],
};
/** Marks that are nearer than this share of the scale would run into one another. */
const MARK_ROOM = 0.14;
/** The style sheet draws so many marks. */
const MOST_MARKS = 4;
/** From here on, a chance has no room behind its bar. */
const FAR = 0.85;

/** The sheet is on its way from the first import on. Views await it before their first drawing. */
export const sheet = adoptSheet(import.meta.resolve('./waterfall.css'));

/** @param {number} logOdds */
export const fromLogOdds = (logOdds) => 1 / (1 + Math.exp(-logOdds));

/** A probability with two digits that count: 18%, 7.3%, 0.46%. @param {number} share 0 to 1. */
export function chance(share) {
  return number(share, { style: 'percent', maximumSignificantDigits: 2 });
}

/**
 * The bars of some reasons, the strongest first, each from where the one before ended.
 *
 * @param {number} base
 * @param {Reason[]} reasons
 * @returns {Step[]}
 */
export function stepsOf(base, reasons) {
  const strongest = reasons.filter((reason) => Math.abs(reason.contribution) >= LEAST)
    .sort((one, other) => Math.abs(other.contribution) - Math.abs(one.contribution));
  let place = base;
  return strongest.map((reason) => {
    const from = place;
    place += reason.contribution;
    return { from, to: place, reason };
  });
}

/**
 * One scale for several waterfalls, so that their bars compare.
 *
 * @param {{ base: number, reasons: Reason[] }[]} judged
 * @param {'log-odds' | 'log-chance'} kind How a place on the scale becomes a probability.
 * @returns {Scale}
 */
export function scaleOf(judged, kind) {
  const places = judged.flatMap(({ base, reasons }) => [base, ...stepsOf(base, reasons).map((step) => step.to)]);
  const least = Math.min(...places);
  const most = Math.max(...places);
  const room = Math.max(0.5, (most - least) * 0.08);
  const isOdds = kind === 'log-odds';
  const low = least - room;
  // Nothing is likelier than 100%, where a logarithm of a probability ends.
  const high = isOdds ? most + room : Math.max(most, Math.min(0, most + room));
  const ticks = MARKS[kind]
    .map((mark) => /** @type {Tick} */ ([isOdds ? Math.log(mark / (1 - mark)) : Math.log(mark), mark]))
    .filter(([place]) => place > low && place <= high);
  return {
    low,
    high,
    chance: isOdds ? fromLogOdds : (place) => Math.min(1, Math.exp(place)),
    ticks: apart(ticks, high - low),
  };
}

/** Marks with room between them. @param {Tick[]} ticks @param {number} length */
function apart(ticks, length) {
  /** @type {Tick[]} */
  const kept = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    if (!last || (tick[0] - last[0]) / length >= MARK_ROOM) kept.push(tick);
  }
  return kept.slice(-MOST_MARKS);
}

/**
 * @param {object} options
 * @param {number} options.base Where the bars start, on the scale.
 * @param {Reason[]} options.reasons
 * @param {Scale} options.scale
 * @param {string} options.caption What the table is about, for screen readers.
 * @param {string} options.start The name of the start: "Nothing known yet".
 * @param {string} options.end The name of the end: "Both say yes".
 */
export function waterfall({ base, reasons, scale, caption, start, end }) {
  const steps = stepsOf(base, reasons);
  const last = reasons.reduce((sum, reason) => sum + reason.contribution, base);
  const silent = reasons.filter((reason) => Math.abs(reason.contribution) < LEAST);
  return h('div', { class: 'waterfall' },
    h('table', { class: 'waterfall-table', role: 'table', 'aria-label': caption, style: marks(scale) },
      head(scale),
      h('tbody', { role: 'rowgroup' },
        endRow('start', start, base, scale),
        steps.map((step) => stepRow(step, scale)),
        endRow('end', end, last, scale))),
    silent.length > 0 ? h('details', { class: 'waterfall-silent' },
      h('summary', null, words().waterfall.silent(silent.length)),
      h('ul', null, silent.map(({ feature, sentence }) => h('li', { key: feature, dir: 'auto' }, sentence)))) : null);
}

/** @param {Scale} scale */
function head(scale) {
  const sentences = words().waterfall;
  return h('thead', { role: 'rowgroup' }, h('tr', { role: 'row', class: 'waterfall-row waterfall-head' },
    h('th', { role: 'columnheader', scope: 'col' }, sentences.reason),
    h('th', { role: 'columnheader', scope: 'col', class: 'waterfall-effect' }, sentences.effect),
    h('th', { role: 'columnheader', scope: 'col', class: 'waterfall-axis' },
      h('span', { class: 'visually-hidden' }, sentences.soFar),
      scale.ticks.map(([place, mark]) => h('span', {
        key: mark, class: 'waterfall-tick', 'aria-hidden': 'true', style: { '--at': share(place, scale) },
      }, percent(mark, 2))))));
}

/** @param {'start' | 'end'} kind @param {string} name @param {number} place @param {Scale} scale */
function endRow(kind, name, place, scale) {
  return h('tr', { key: kind, role: 'row', class: `waterfall-row waterfall-${kind}` },
    h('th', { role: 'rowheader', scope: 'row' }, name),
    h('td', { role: 'cell', class: 'waterfall-effect' }),
    h('td', { role: 'cell', class: 'waterfall-track', style: bar(scale.low, place, scale) },
      h('span', { class: 'waterfall-bar', 'aria-hidden': 'true' }),
      h('span', { class: `waterfall-chance ${share(place, scale) > FAR ? 'waterfall-chance-inside' : ''}` },
        chance(scale.chance(place)))));
}

/** @param {Step} step @param {Scale} scale */
function stepRow({ from, to, reason }, scale) {
  const direction = to < from ? 'waterfall-down' : 'waterfall-up';
  return h('tr', { key: reason.feature, role: 'row', class: `waterfall-row ${direction}` },
    h('th', { role: 'rowheader', scope: 'row', dir: 'auto' }, reason.sentence),
    h('td', { role: 'cell', class: 'waterfall-effect' }, factor(reason.contribution)),
    h('td', { role: 'cell', class: 'waterfall-track', style: bar(from, to, scale) },
      h('span', { class: 'visually-hidden' }, chance(scale.chance(to))),
      h('span', { class: 'waterfall-bar', 'aria-hidden': 'true' })));
}

/** The effect as a factor of the odds: what is added on a logarithmic scale multiplies. @param {number} contribution */
export function factor(contribution) {
  const times = Math.exp(contribution);
  const digits = times < 1.1 ? 2 : times < 10 ? 1 : 0;
  return `×${number(times, { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** @param {number} place @param {Scale} scale @returns {number} 0 at the low end, 1 at the high one. */
function share(place, { low, high }) {
  return Math.round(((place - low) / (high - low)) * 10_000) / 10_000;
}

/** @param {number} from @param {number} to @param {Scale} scale */
function bar(from, to, scale) {
  return {
    '--from': share(Math.min(from, to), scale), '--to': share(Math.max(from, to), scale),
    '--start': share(from, scale), '--next': share(to, scale),
  };
}

/** The marks as numbers for the style sheet. A mark that is not there lies outside. @param {Scale} scale */
function marks(scale) {
  return Object.fromEntries(Array.from({ length: MOST_MARKS }, (_, index) => {
    const tick = scale.ticks[index];
    return [`--mark-${index}`, tick ? share(tick[0], scale) : -1];
  }));
}
