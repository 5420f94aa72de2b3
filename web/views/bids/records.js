/**
 * A bid as it was typed or pasted, and as the API takes it.
 *
 * Cells are texts. What cannot be read as a number or a time goes to the API as it is, and the refusal comes back to
 * its bid.
 */
import { amountOf, languageTag, numberOf } from '../post/values.js';

/** @typedef {import('./columns.js').Part} Part */
/** @typedef {Partial<Record<Part, string>>} Row */
/** @typedef {import('../../api/call.js').Schema<'Bid'>} Bid */
/** @typedef {import('../../api/call.js').Schema<'ProjectRecord'>} ProjectRecord */

const SIGNS = /** @type {Record<string, string>} */ ({
  '₩': 'KRW', 원: 'KRW', $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', 円: 'JPY', 엔: 'JPY', 달러: 'USD', 유로: 'EUR',
});
/** Minutes in each unit of a duration, in both languages. @type {[RegExp, number][]} */
const UNITS = [[/^(?:m|min|mins|minutes?|분)$/, 1], [/^(?:h|hrs?|hours?|시간)$/, 60], [/^(?:d|days?|일)$/, 1440]];

/**
 * @param {Row} row
 * @param {object} context
 * @param {string} context.currency The currency of prices that name none.
 * @param {string | null | undefined} context.postedAt When the project was posted.
 * @returns {Bid}
 */
export function bidOf(row, { currency, postedAt }) {
  const freelancer = {
    id: text(row.id),
    display_name: text(row.display_name),
    headline: text(row.headline),
    bio: text(row.bio),
    category: text(row.category),
    skills: words(row.skills),
    languages: filled(words(row.languages).map(languageTag)),
    hourly_rate: price(row.hourly_rate, text(row.currency) ?? currency),
    rating: leading(row.rating),
    completed_jobs: leading(row.completed_jobs),
    hire_rate: shareOf(row.hire_rate),
    response_minutes: minutesOf(row.response_minutes),
    last_active_at: timeOf(row.last_active_at),
    timezone: text(row.timezone),
    weekly_hours: leading(row.weekly_hours),
    years_experience: leading(row.years_experience),
  };
  const bid = { freelancer: known(freelancer), message: text(row.message), delay_minutes: delayOf(row, postedAt) };
  return /** @type {Bid} */ (/** @type {unknown} */ (known(bid)));
}

/** @param {Record<string, unknown>} record */
function known(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
}

/** @param {string | undefined} cell */
function text(cell) {
  return cell?.trim() || null;
}

/** @param {string | undefined} cell Words between commas, semicolons, bars or line breaks. */
function words(cell = '') {
  return cell.split(/[,;|\n，、]/).map((word) => word.trim()).filter(Boolean);
}

/** @param {string[]} list */
function filled(list) {
  return list.length > 0 ? list : null;
}

/** The number that a cell begins with: `4.8 / 5`, `31 jobs`, `5년`. @param {string | undefined} cell */
function leading(cell = '') {
  const [, digits] = /^\s*([\d.,]+)\s*(?:\/\s*\d+)?\s*[\p{L}★+ ]*$/u.exec(cell) ?? [];
  return numberOf(digits ?? cell);
}

/** `42%`, `42` and `0.42` are the same share. @param {string | undefined} cell */
function shareOf(cell = '') {
  const number = numberOf(cell.replace('%', ''));
  if (typeof number !== 'number') return number === null ? null : cell;
  return cell.includes('%') || number > 1 ? number / 100 : number;
}

/** `35`, `35 min`, `2 hours`, `3시간`. @param {string | undefined} cell */
function minutesOf(cell = '') {
  const [, digits, unit] = /^\s*([\d.,]+)\s*(\p{L}*)\.?\s*$/u.exec(cell.toLocaleLowerCase()) ?? [];
  const minutes = unit ? UNITS.find(([name]) => name.test(unit))?.[1] : 1;
  const number = digits === undefined || minutes === undefined ? numberOf(cell) : numberOf(digits);
  return typeof number === 'number' ? number * (minutes ?? 1) : number;
}

/** @param {string | undefined} cell */
function timeOf(cell = '') {
  if (cell.trim() === '') return null;
  const time = new Date(cell.trim());
  return Number.isNaN(time.getTime()) ? cell : time.toISOString();
}

/** @param {Row} row @param {string | null | undefined} postedAt */
function delayOf(row, postedAt) {
  if (row.delay_minutes?.trim()) return minutesOf(row.delay_minutes);
  const placed = Date.parse(row.bid_at?.trim() ?? '');
  if (!postedAt || Number.isNaN(placed)) return null;
  const minutes = (placed - Date.parse(postedAt)) / 60_000;
  return minutes >= 0 ? minutes : null;
}

/**
 * A price of an hour: `65,000원`, `$72/h`, `92.00 EUR`, `6만`.
 *
 * @param {string | undefined} cell
 * @param {string} currency
 */
function price(cell = '', currency) {
  if (cell.trim() === '') return null;
  const code = /\b([A-Z]{3})\b/.exec(cell)?.[1];
  const sign = Object.keys(SIGNS).find((one) => cell.includes(one));
  const chosen = code ?? (sign && SIGNS[sign]) ?? currency;
  const digits = /[\d.,]+\s*[천만억]?/.exec(cell.normalize('NFKC'))?.[0] ?? cell;
  return { amount: amountOf(digits, chosen), currency: chosen };
}
