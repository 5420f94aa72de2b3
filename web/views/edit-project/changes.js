/** What has changed under the form: each field as it is stored now and as it is in the form, and which one to keep. */
import { budgetSentence } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { day, languageName, list } from '../../core/format.js';
import { language, words } from '../../core/language.js';
import { h } from '../../core/render.js';

/** @typedef {import('./merge.js').Change} Change */
/** @typedef {import('./merge.js').Field} Field */

/**
 * @param {Change[]} changes
 * @param {object} options
 * @param {Set<Field>} options.taken Fields that are taken from the stored project.
 * @param {(field: Field, taken: boolean) => void} options.choose
 * @param {() => void} options.save
 * @param {() => void} options.takeAll
 * @param {boolean} options.busy
 */
export function changesPanel(changes, { taken, choose, save, takeAll, busy }) {
  const { editProject: sentences, common } = words();
  return h('section', { class: 'panel changes', key: 'changes', 'aria-labelledby': 'changes-title' },
    h('h2', { class: 'changes-title', id: 'changes-title', tabindex: -1 }, icon('warning'), sentences.changedTitle),
    h('p', { class: 'panel-note' }, sentences.changedText),
    changes.map((change) => fieldChoice(change, taken.has(change.field), choose)),
    h('div', { class: 'actions' },
      h('button', { class: 'button button-strong', type: 'button', onclick: save, 'aria-disabled': busy ? 'true' : null },
        busy ? common.sending : sentences.saveMerge),
      h('button', { class: 'button button-quiet', type: 'button', onclick: takeAll }, sentences.discardMine)));
}

/** @param {Change} change @param {boolean} taken @param {(field: Field, taken: boolean) => void} choose */
function fieldChoice({ field, theirs, mine, isConflict }, taken, choose) {
  const { editProject: sentences, projectForm } = words();
  return h('fieldset', { class: 'change', key: field },
    h('legend', { class: 'change-field' }, fieldName(field),
      h('span', { class: 'change-kind' }, isConflict ? projectForm.bothChanged : projectForm.theyChanged)),
    h('div', { class: 'change-sides' },
      side(field, 'theirs', sentences.theirs, shown(field, theirs), taken, () => choose(field, true)),
      side(field, 'mine', isConflict ? sentences.mine : sentences.before, shown(field, mine), !taken, () => choose(field, false))));
}

/**
 * @param {Field} field @param {string} kind @param {string} name @param {string} value
 * @param {boolean} checked @param {() => void} choose
 */
function side(field, kind, name, value, checked, choose) {
  return h('label', { class: `change-side ${checked ? 'change-chosen' : ''}` },
    h('span', { class: 'change-name' },
      h('input', { type: 'radio', name: `change-${field}`, value: kind, '.checked': checked, onchange: choose }), name),
    h('span', { class: 'change-value', dir: 'auto' }, value));
}

/** @param {Field} field */
function fieldName(field) {
  const { projectForm } = words();
  const names = {
    title: projectForm.title, category: projectForm.category, description: projectForm.description, skills: projectForm.skills,
    budget: projectForm.budget, weekly_hours: projectForm.weeklyHours, starts_on: projectForm.startsOn,
    expires_at: projectForm.expiresAt, languages: projectForm.languages, timezone: projectForm.timezone,
  };
  return names[field];
}

/** A field in words. @param {Field} field @param {import('./merge.js').ProjectInput} body @returns {string} */
function shown(field, body) {
  const value = body[field];
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
    return words().editProject.nothing;
  }
  switch (field) {
    case 'budget': return budgetShown(body.budget);
    case 'skills': return list(body.skills);
    case 'languages': return list((body.languages ?? []).map(languageName));
    case 'starts_on': return dayShown(String(value));
    case 'expires_at': return timeShown(String(value));
    default: return String(value);
  }
}

/** A budget that was typed may not be one yet. @param {import('./merge.js').ProjectInput['budget']} budget */
function budgetShown(budget) {
  return Number.isFinite(budget?.max) ? budgetSentence(budget) : JSON.stringify(budget);
}

/** @param {string} text */
function dayShown(text) {
  return Number.isNaN(Date.parse(text)) ? text : day(text);
}

/** @param {string} text */
function timeShown(text) {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  return new Intl.DateTimeFormat(language.current, { dateStyle: 'long', timeStyle: 'short' }).format(time);
}
