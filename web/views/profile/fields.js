/** The fields of a profile, in the order in which people fill them in. */
import { field, textArea, textField } from '../../components/field.js';
import { tagsField } from '../../components/tags-field.js';
import { languageName, list, money } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { OFFERED, tagOf } from './languages.js';
import { CURRENCIES } from './values.js';

/** @typedef {import('../../core/form.js').Form<import('./values.js').Values>} ProfileForm */
/** @typedef {{ categories: string[], skills: string[] }} Suggestions From what the market shows. */

/** @param {ProfileForm} form @param {Suggestions} suggestions */
export function offerFields(form, { categories, skills }) {
  const { profile } = words();
  return [
    textField(form, {
      name: 'headline', label: profile.headline, hint: profile.headlineHint, required: true, maxlength: 120,
      dir: 'auto', autocomplete: 'off',
    }),
    textField(form, {
      name: 'category', label: profile.category, required: true, maxlength: 50, dir: 'auto', autocomplete: 'off',
      list: 'category-suggestions',
    }),
    h('datalist', { id: 'category-suggestions' }, categories.map((name) => h('option', { key: name, value: name }))),
    tagsField(form, {
      name: 'skills', label: profile.skills, hint: profile.skillsHint, required: true, suggestions: skills,
    }),
  ];
}

/** @param {ProfileForm} form */
export function textFields(form) {
  const { common, profile } = words();
  return textArea(form, {
    name: 'bio', label: profile.bio, hint: profile.bioHint, optional: common.optional, rows: 7, maxlength: 5000,
  });
}

/** @param {ProfileForm} form */
export function termFields(form) {
  const { common, profile } = words();
  const { optional } = common;
  return [
    rateField(form),
    textField(form, {
      name: 'weekly_hours', label: profile.weeklyHours, hint: profile.weeklyHoursHint, optional, inputmode: 'numeric',
      autocomplete: 'off',
    }),
    tagsField(form, {
      name: 'languages', label: profile.languages, hint: profile.languagesHint, optional, suggestions: OFFERED,
      maxlength: 64, show: languageName, read: tagOf,
    }),
    textField(form, {
      name: 'timezone', label: profile.timezone, hint: profile.timezoneHint, optional, autocomplete: 'off',
      list: 'timezone-suggestions',
    }),
    h('datalist', { id: 'timezone-suggestions' },
      Intl.supportedValuesOf('timeZone').map((zone) => h('option', { key: zone, value: zone }))),
    textField(form, {
      name: 'years_experience', label: profile.years, optional, inputmode: 'numeric', autocomplete: 'off',
    }),
  ];
}

/** An amount and its currency: two controls, one field of the API. @param {ProfileForm} form */
function rateField(form) {
  const { common, profile } = words();
  const rate = form.values.hourly_rate;
  const currencies = [...new Set([...CURRENCIES, rate.currency])];
  return h('div', { class: 'rate', key: 'hourly_rate' },
    field(form, { name: 'hourly_rate', label: profile.rate, optional: common.optional }, (tied) => h('input', {
      type: 'text',
      class: 'input',
      ...tied,
      inputmode: 'decimal',
      autocomplete: 'off',
      '.value': rate.amount,
      oninput: (/** @type {Event} */ event) => form.set('hourly_rate',
        { ...form.values.hourly_rate, amount: /** @type {HTMLInputElement} */ (event.target).value }),
    })),
    h('div', { class: 'field' },
      h('label', { class: 'field-label', for: 'field-currency' }, profile.currency),
      h('select', {
        class: 'input',
        id: 'field-currency',
        '.value': rate.currency,
        onchange: (/** @type {Event} */ event) => form.set('hourly_rate',
          { ...form.values.hourly_rate, currency: /** @type {HTMLSelectElement} */ (event.target).value }),
      }, currencies.map((code) => h('option', { key: code, value: code }, code)))));
}

/** The name of a field, for the merge. @param {string} name */
export function fieldLabel(name) {
  const { profile } = words();
  /** @type {Record<string, string>} */
  const labels = {
    headline: profile.headline,
    category: profile.category,
    skills: profile.skills,
    bio: profile.bio,
    languages: profile.languages,
    timezone: profile.timezone,
    hourly_rate: profile.rate,
    weekly_hours: profile.weeklyHours,
    years_experience: profile.years,
  };
  return labels[name] ?? name;
}

/** A field's value as text, for the merge. @param {string} name @param {any} value */
export function fieldText(name, value) {
  if (value === null || value === undefined) return '';
  if (name === 'hourly_rate') return words().common.anHour(money(value));
  if (name === 'languages') return list(value.map(languageName));
  return Array.isArray(value) ? list(value) : String(value);
}
