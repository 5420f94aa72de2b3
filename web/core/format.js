/**
 * Money, numbers, times and lists as the reader's language writes them.
 */
import { language } from './language.js';

/** @typedef {import('../api/call.js').Schema<'Money'>} Money */
/** @typedef {import('../api/call.js').Schema<'Budget'>} Budget */

/** The reader's own variant of the page's language: `en-GB` for a Briton, since dates differ. */
function locale() {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language.current)) ?? language.current;
}

/** Formatters are costly to make, so each is made once. @type {Map<string, any>} */
const made = new Map();

/**
 * @template {object} Options
 * @template Formatter
 * @param {new (locale: string, options: Options) => Formatter} Kind
 * @param {Options} options
 * @returns {Formatter}
 */
function formatter(Kind, options) {
  const key = `${Kind.name} ${language.current} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Kind(locale(), options));
  return made.get(key);
}

/** @param {string} code */
function currencyFormat(code) {
  const options = /** @type {const} */ ({ style: 'currency', trailingZeroDisplay: 'stripIfInteger' });
  return formatter(Intl.NumberFormat, { ...options, currency: code });
}

/**
 * How many minor units make one of a currency: 100 for EUR, 1 for KRW.
 *
 * @param {string} currency
 */
export function minorUnits(currency) {
  const { maximumFractionDigits = 2 } = currencyFormat(currency).resolvedOptions();
  return 10 ** maximumFractionDigits;
}

/** @param {Money} value Minor units. */
export function money({ amount, currency }) {
  return currencyFormat(currency).format(amount / minorUnits(currency));
}

/** A budget's range or limit, without its kind. @param {Budget} budget */
export function budgetRange({ min, max, currency }) {
  const unit = minorUnits(currency);
  const format = currencyFormat(currency);
  if (min === null || min === undefined || min === max) return format.format(max / unit);
  return format.formatRange(min / unit, max / unit);
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export function number(value, options = {}) {
  return formatter(Intl.NumberFormat, options).format(value);
}

/** @param {number} share 0 to 1. @param {number} [digits] After the point. */
export function percent(share, digits = 0) {
  return number(share, { style: 'percent', maximumFractionDigits: digits });
}

/** A duration in its most fitting unit: 35 minutes, 2 hours, 3 days. @param {number} minutes */
export function duration(minutes) {
  const [unit, length] = minutes < 90 ? ['minute', 1] : minutes < 48 * 60 ? ['hour', 60] : ['day', 24 * 60];
  return number(Math.max(1, Math.round(minutes / length)), { style: 'unit', unit, unitDisplay: 'long' });
}

/** Units of time and their lengths in seconds, the longest first. @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, or in how long: 3 days ago. @param {string} time RFC 3339. @param {number} [now] In ms. */
export function relative(time, now = Date.now()) {
  const seconds = Math.round((Date.parse(time) - now) / 1000);
  const format = formatter(Intl.RelativeTimeFormat, /** @type {const} */ ({ numeric: 'auto' }));
  const [unit, length] = STEPS.find((step) => Math.abs(seconds) >= step[1]) ?? ['second', 1];
  return unit === 'second' ? format.format(0, 'second') : format.format(Math.round(seconds / length), unit);
}

/** A day in full. @param {string} time A date, or a date and time. */
export function day(time) {
  // A date alone is the same day everywhere, so it is read and shown in one zone.
  const timeZone = time.length === 10 ? 'UTC' : undefined;
  return formatter(Intl.DateTimeFormat, /** @type {const} */ ({ dateStyle: 'long', timeZone })).format(new Date(time));
}

/** The time of day in a zone now, or null for a zone that this browser does not know. @param {string} timeZone */
export function clockIn(timeZone) {
  try {
    return new Intl.DateTimeFormat(locale(), { timeZone, timeStyle: 'short' }).format(new Date());
  } catch {
    return null;
  }
}

/** The city of a zone: Seoul for `Asia/Seoul`. @param {string} timeZone */
export function cityOf(timeZone) {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');
}

/** @param {string[]} items */
export function list(items) {
  return formatter(Intl.ListFormat, /** @type {const} */ ({ style: 'long', type: 'conjunction' })).format(items);
}

/** The name of a language: English for `en`. @param {string} tag */
export function languageName(tag) {
  try {
    return formatter(Intl.DisplayNames, /** @type {const} */ ({ type: 'language' })).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** @type {Record<string, string>} */
const ORDINALS = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** A rank: 3rd, 3위. @param {number} rank */
export function rankOf(rank) {
  const figure = number(rank);
  if (language.current === 'ko') return `${figure}위`;
  return figure + ORDINALS[formatter(Intl.PluralRules, /** @type {const} */ ({ type: 'ordinal' })).select(rank)];
}
