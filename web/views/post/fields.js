/** The fields of a project, for posting one and for changing one. */
import { selectField, textArea, textField } from '../../components/field.js';
import { icon } from '../../components/icon.js';
import { tagsField } from '../../components/tags-field.js';
import { languageName } from '../../core/format.js';
import { language, words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { LANGUAGE_TAGS, languageTag } from './values.js';

/** @typedef {import('../../core/form.js').Form<any>} AnyForm */
/** @typedef {{ categories: string[], skills: string[] }} Suggestions Words that open projects use. */

/** Currencies that are offered. A project may already have another one; then that is offered too. */
const CURRENCIES = [
  'KRW', 'USD', 'EUR', 'JPY', 'GBP', 'CNY', 'TWD', 'HKD', 'SGD', 'VND', 'THB', 'IDR', 'INR', 'PHP', 'MYR',
  'AUD', 'NZD', 'CAD', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'TRY', 'UAH', 'ILS', 'AED', 'SAR', 'ZAR',
  'NGN', 'KES', 'BRL', 'MXN', 'ARS', 'CLP', 'COP',
];

/**
 * @param {AnyForm} form
 * @param {Suggestions} suggestions
 */
export function projectFields(form, suggestions) {
  const { projectForm: sentences, common } = words();
  const { optional } = common;
  return [
    h('fieldset', { class: 'form-part', key: 'work' },
      h('legend', { class: 'form-legend' }, sentences.work),
      textField(form, {
        name: 'title', label: sentences.title, hint: sentences.titleHint, required: true, dir: 'auto',
        autocomplete: 'off',
      }),
      textField(form, {
        name: 'category', label: sentences.category, hint: sentences.categoryHint, required: true, dir: 'auto',
        list: 'categories',         autocomplete: 'off',
      }),
      h('datalist', { id: 'categories', key: 'categories' },
        suggestions.categories.map((name) => h('option', { key: name, value: name }))),
      textArea(form, {
        name: 'description', label: sentences.description, hint: sentences.descriptionHint, optional, rows: 8,
      }),
      tagsField(form, {
        name: 'skills', label: sentences.skills, hint: sentences.skillsHint, required: true,
        suggestions: suggestions.skills, maxlength: 100,
      })),
    h('fieldset', { class: 'form-part', key: 'terms' },
      h('legend', { class: 'form-legend' }, sentences.terms),
      budget(form),
      h('div', { class: 'form-row' },
        textField(form, {
          name: 'weekly_hours', label: sentences.weeklyHours, optional, inputmode: 'numeric', autocomplete: 'off',
        }),
        textField(form, { name: 'starts_on', label: sentences.startsOn, optional, type: 'date' }),
        textField(form, { name: 'expires_at', label: sentences.expiresAt, optional, type: 'datetime-local' })),
      tagsField(form, {
        name: 'languages', label: sentences.languages, hint: sentences.languagesHint, optional,
        suggestions: LANGUAGE_TAGS, maxlength: 64,
        show: (tag) => languageName(languageTag(tag)),
      }),
      textField(form, {
        name: 'timezone', label: sentences.timezone, hint: sentences.timezoneHint(
          Intl.DateTimeFormat().resolvedOptions().timeZone,
        ),
        optional, list: 'timezones', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
      }),
      h('datalist', { id: 'timezones', key: 'timezones' },
        Intl.supportedValuesOf('timeZone').map((zone) => h('option', { key: zone, value: zone })))),
  ];
}

/** @param {AnyForm} form */
function budget(form) {
  const { projectForm: sentences } = words();
  const wrong = form.errors.get('/budget');
  return h('div', { class: 'form-row form-budget', key: 'budget' },
    selectField(form, { name: 'budget/kind', label: sentences.budget, choices: [
      ['', sentences.budgetOpen], ['hourly', sentences.budgetHourly], ['fixed', sentences.budgetFixed],
    ] }),
    form.values['budget/kind'] === '' ? null : [
      textField(form, {
        name: 'budget/min', label: sentences.budgetMin, optional: words().common.optional, inputmode: 'decimal',
        autocomplete: 'off',
      }),
      textField(form, {
        name: 'budget/max', label: sentences.budgetMax, required: true, inputmode: 'decimal', autocomplete: 'off',
      }),
      selectField(form, {
        name: 'budget/currency', label: sentences.currency, choices: currencies(form.values['budget/currency']),
      }),
    ],
    wrong ? h('p', { class: 'field-error', key: 'wrong' }, icon('warning'), wrong) : null);
}

/** @param {string} current @returns {[string, string][]} */
function currencies(current) {
  const names = new Intl.DisplayNames(language.current, { type: 'currency' });
  return [...new Set([...CURRENCIES, current])].map((code) => [code, `${code} · ${names.of(code)}`]);
}
