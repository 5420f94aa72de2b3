/**
 * A profile as the form holds it, and as the API takes it.
 *
 * The form holds text, since a person may type anything: amounts in units of the currency ("65000", "45.50"), hours,
 * years. `bodyOf` reads them, and refuses what is no number at its field, as the API would.
 */
import { minorUnits } from '../../core/format.js';
import { language, words } from '../../core/language.js';
import { Problem } from '../../core/problem.js';

/** @typedef {import('../../api/call.js').Schema<'FreelancerInput'>} FreelancerInput */
/**
 * @typedef {object} Values
 * @property {string} headline
 * @property {string} category
 * @property {string[]} skills
 * @property {string} bio
 * @property {string[]} languages
 * @property {string} timezone
 * @property {{ amount: string, currency: string }} hourly_rate
 * @property {string} weekly_hours
 * @property {string} years_experience
 */

/** Currencies that are offered. A profile may hold another one; then that is offered too. */
export const CURRENCIES = ['KRW', 'USD', 'EUR', 'JPY', 'GBP', 'CNY', 'INR', 'SGD', 'AUD', 'CAD'];

/** The form of somebody without a profile: what this browser tells is filled in. @returns {Values} */
export function newcomerValues() {
  const korean = language.current === 'ko';
  return {
    headline: '',
    category: '',
    skills: [],
    bio: '',
    languages: [language.current],
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    hourly_rate: { amount: '', currency: korean ? 'KRW' : 'USD' },
    weekly_hours: '',
    years_experience: '',
  };
}

/** @param {FreelancerInput} profile @returns {Values} */
export function valuesOf(profile) {
  const { hourly_rate: rate } = profile;
  return {
    headline: profile.headline,
    category: profile.category,
    skills: profile.skills,
    bio: profile.bio ?? '',
    languages: profile.languages ?? [],
    timezone: profile.timezone ?? '',
    hourly_rate: rate
      ? { amount: String(rate.amount / minorUnits(rate.currency)), currency: rate.currency }
      : { amount: '', currency: newcomerValues().hourly_rate.currency },
    weekly_hours: textOf(profile.weekly_hours),
    years_experience: textOf(profile.years_experience),
  };
}

/** The part of a stored profile that its owner writes. @param {FreelancerInput} profile @returns {FreelancerInput} */
export function inputOf(profile) {
  const { headline, category, skills, bio, languages, timezone, hourly_rate, weekly_hours, years_experience } = profile;
  return { headline, category, skills, bio, languages, timezone, hourly_rate, weekly_hours, years_experience };
}

/**
 * @param {Values} values
 * @returns {FreelancerInput}
 * @throws {Problem} That names each field that is no number.
 */
export function bodyOf(values) {
  /** @type {import('../../core/problem.js').Violation[]} */
  const errors = [];
  /** @param {string} pointer @param {string} detail */
  const refuse = (pointer, detail) => {
    // A rule of the form alone: the API has no code for it, so the sentence stands for itself.
    errors.push({ pointer, code: /** @type {any} */ ('not_a_number'), detail });
    return null;
  };
  /** @param {keyof Values & string} name */
  const whole = (name) => {
    const number = numberOf(String(values[name]));
    return number === null || Number.isSafeInteger(number) ? number : refuse(`/${name}`, words().profile.notWhole);
  };
  /** @type {FreelancerInput} */
  const body = {
    headline: values.headline,
    category: values.category,
    skills: values.skills,
    bio: values.bio,
    languages: values.languages,
    timezone: values.timezone.trim() || null,
    hourly_rate: null,
    weekly_hours: whole('weekly_hours'),
    years_experience: whole('years_experience'),
  };
  const { amount, currency } = values.hourly_rate;
  const major = numberOf(amount);
  if (major !== null) {
    const minor = Math.round(major * minorUnits(currency));
    if (Number.isSafeInteger(minor)) body.hourly_rate = { amount: minor, currency };
    else refuse('/hourly_rate/amount', words().profile.notANumber);
  }
  if (errors.length > 0) throw new Problem(422, { code: 'validation_failed', errors });
  return body;
}

/** @param {string} text @returns {number | null} null for nothing; NaN for what is no number. */
function numberOf(text) {
  const plain = text.normalize('NFKC').replace(/[\s,_]/g, '');
  if (plain === '') return null;
  return /^[+-]?\d{1,15}(\.\d{1,6})?$/.test(plain) ? Number(plain) : NaN;
}

/** @param {number | null | undefined} number */
function textOf(number) {
  return number === null || number === undefined ? '' : String(number);
}
