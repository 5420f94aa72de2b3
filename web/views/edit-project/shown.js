/** The fields of a project by name and in words, for comparing two versions. */
import { budgetSentence } from '../../components/cards.js';
import { day, languageName, list } from '../../core/format.js';
import { language, words } from '../../core/language.js';

/** @param {string} field */
export function fieldName(field) {
  const { projectForm } = words();
  const names = /** @type {Record<string, string>} */ ({
    title: projectForm.title,
    category: projectForm.category,
    description: projectForm.description,
    skills: projectForm.skills,
    budget: projectForm.budget,
    weekly_hours: projectForm.weeklyHours,
    starts_on: projectForm.startsOn,
    expires_at: projectForm.expiresAt,
    languages: projectForm.languages,
    timezone: projectForm.timezone,
  });
  return names[field] ?? field;
}

/** A field's value as text; '' if it is empty. @param {string} field @param {any} value @returns {string} */
export function shown(field, value) {
  if (value === null || value === undefined) return '';
  switch (field) {
    // A budget that was typed may not be one yet.
    case 'budget': return Number.isFinite(value.max) ? budgetSentence(value) : String(value.max ?? '');
    case 'skills': return list(value);
    case 'languages': return list(value.map(languageName));
    case 'starts_on': return Number.isNaN(Date.parse(value)) ? value : day(value);
    case 'expires_at': return timeShown(value);
    default: return String(value);
  }
}

/** @param {string} text */
function timeShown(text) {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'long', timeStyle: 'short' }).format(time);
}
