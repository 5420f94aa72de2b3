/**
 * A project as a form holds it, and as the API takes it.
 *
 * A field of the form is named after its place in the body (`budget/max`), so the pointers of a refusal find it. What
 * cannot be read as a number or a time goes to the API as it was typed, and the refusal comes back to its field.
 */
import { minorUnits } from '../../core/format.js';
import { language } from '../../core/language.js';

/** @typedef {import('../../api/call.js').Schema<'Project'>} Project */
/** @typedef {import('../../api/call.js').Schema<'ProjectInput'>} ProjectInput */
/** @typedef {keyof ProjectInput & string} Field */
/**
 * The form's values. Without a kind, the budget is open. `expires_at` is local time, as `<input type="datetime-local">`
 * has it.
 *
 * @typedef {{
 *   title: string, category: string, description: string, skills: string[],
 *   'budget/kind': '' | 'hourly' | 'fixed', 'budget/min': string, 'budget/max': string, 'budget/currency': string,
 *   weekly_hours: string, starts_on: string, expires_at: string, languages: string[], timezone: string,
 * }} Values
 */

/** Every field of a project, in the order of the form. @type {Field[]} */
export const FIELDS = [
  'title', 'category', 'description', 'skills', 'budget', 'weekly_hours', 'starts_on', 'expires_at', 'languages',
  'timezone',
];

/** @returns {Values} */
export function newValues() {
  return {
    title: '', category: '', description: '', skills: [],
    'budget/kind': '', 'budget/min': '', 'budget/max': '', 'budget/currency': language.current === 'ko' ? 'KRW' : 'USD',
    weekly_hours: '', starts_on: '', expires_at: '', languages: [], timezone: '',
  };
}

/** @param {ProjectInput} project @returns {Values} */
export function valuesOf(project) {
  const { budget } = project;
  const unit = budget ? minorUnits(budget.currency) : 1;
  /** @param {number | null | undefined} amount */
  const major = (amount) => (amount === null || amount === undefined ? '' : String(amount / unit));
  return {
    title: project.title,
    category: project.category,
    description: project.description ?? '',
    skills: project.skills,
    'budget/kind': budget?.kind ?? '',
    'budget/min': major(budget?.min),
    'budget/max': major(budget?.max),
    'budget/currency': budget?.currency ?? newValues()['budget/currency'],
    weekly_hours: String(project.weekly_hours ?? ''),
    starts_on: project.starts_on ?? '',
    expires_at: localTime(project.expires_at),
    languages: project.languages ?? [],
    timezone: project.timezone ?? '',
  };
}

/** @param {Values} values @returns {ProjectInput} */
export function bodyOf(values) {
  return /** @type {ProjectInput} */ ({
    title: values.title,
    category: values.category,
    description: values.description === '' ? null : values.description,
    skills: values.skills,
    budget: budgetOf(values),
    weekly_hours: numberOf(values.weekly_hours),
    starts_on: values.starts_on || null,
    expires_at: timeOf(values.expires_at),
    languages: values.languages.length > 0 ? values.languages.map(languageTag) : null,
    timezone: values.timezone.trim() || null,
  });
}

/** What is typed so far, as far as it can be scored. @param {Values} values */
export function typedProject(values) {
  const { title, description, skills, languages, budget } = bodyOf(values);
  return { title, description, skills, languages, budget: Number.isInteger(budget?.max) ? budget : null };
}

/** @param {Values} values */
function budgetOf(values) {
  const { 'budget/kind': kind, 'budget/currency': currency } = values;
  if (kind === '') return null;
  return {
    kind,
    min: amountOf(values['budget/min'], currency),
    // A limit that is missing is left out, so that the refusal says so.
    max: amountOf(values['budget/max'], currency) ?? undefined,
    currency,
  };
}

/** Units that Korean counts money in. @type {Record<string, number>} */
const KOREAN_UNITS = { 천: 1_000, 만: 10_000, 억: 100_000_000 };

/**
 * An amount in minor units: `80,000`, `8만`, `49.50`.
 *
 * @param {string} text
 * @param {string} currency
 * @returns {number | string | null} The text itself if it is no number; null if it is empty.
 */
export function amountOf(text, currency) {
  const plain = text.normalize('NFKC').replace(/[\s,_]|원|[$€£¥₩]/g, '');
  if (plain === '') return null;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([천만억]?)$/.exec(plain) ?? [];
  if (digits === undefined) return text;
  const amount = Number(digits) * (KOREAN_UNITS[unit] ?? 1) * minorUnits(currency);
  // 49.5 × 100 is not exact in binary.
  return Math.abs(amount - Math.round(amount)) < 1e-6 ? Math.round(amount) : amount;
}

/** @param {string} text @returns {number | string | null} */
export function numberOf(text) {
  const plain = text.normalize('NFKC').replace(/[\s,_]/g, '');
  if (plain === '') return null;
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
}

/** @param {string} text Local time without a zone. @returns {string | null} */
function timeOf(text) {
  if (text === '') return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/** @param {string | null | undefined} time RFC 3339. */
function localTime(time) {
  if (!time) return '';
  const date = new Date(time);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Languages that are offered by name. The API takes every registered one. */
export const LANGUAGE_TAGS = [
  'ko', 'en', 'ja', 'zh', 'vi', 'th', 'id', 'hi', 'es', 'pt', 'fr', 'de', 'it', 'ru', 'ar', 'tr',
];

/**
 * The tag of a language that was typed by its name, in Korean, English or itself; other words stay as they are.
 *
 * @param {string} typed
 */
export function languageTag(typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  for (const tag of LANGUAGE_TAGS) {
    const names = ['ko', 'en', tag].map((locale) => new Intl.DisplayNames(locale, { type: 'language' }).of(tag));
    if (names.some((name) => name?.toLocaleLowerCase() === wanted)) return tag;
  }
  return typed.trim();
}
