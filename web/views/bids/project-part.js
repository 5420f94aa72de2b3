/** The project that bids are for: one of one's own, or another one in a few words. */
import { skillList } from '../../components/cards.js';
import { textArea, textField } from '../../components/field.js';
import { tagsField } from '../../components/tags-field.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href, router } from '../../core/router.js';

/** @typedef {import('../../api/call.js').Schema<'Project'>} Project */
/** @typedef {import('../../api/call.js').Schema<'ProjectRecord'>} ProjectRecord */

/**
 * @param {import('../../core/form.js').Form<any>} form
 * @param {object} options
 * @param {string} options.id The project that is chosen; empty for another one.
 * @param {Project | undefined} options.project The project, once it is here.
 * @param {Project[]} options.own One's own projects.
 */
export function projectPart(form, { id, project, own }) {
  const sentences = words().bids;
  const listed = project && !own.some((one) => one.id === project.id) ? [project, ...own] : own;
  return h('section', { class: 'form-part', 'aria-labelledby': 'bids-project' },
    h('h2', { class: 'section-title', id: 'bids-project' }, sentences.project),
    listed.length > 0 ? h('div', { class: 'field' },
      h('label', { class: 'visually-hidden', for: 'project' }, sentences.project),
      h('select', {
        class: 'input', id: 'project', '.value': id,
        onchange: (/** @type {Event} */ event) => {
          const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
          router.go(href('bids', {}, { project: chosen }), { replace: true });
        },
      }, listed.map((one) => h('option', { key: one.id, value: one.id }, one.title)),
      h('option', { key: 'other', value: '' }, sentences.otherProject))) : null,
    project ? skillList(project.skills) : null,
    id === '' ? [
      textField(form, {
        name: 'project/title', label: words().projectForm.title, optional: words().common.optional, dir: 'auto',
        autocomplete: 'off',
      }),
      tagsField(form, {
        name: 'project/skills', label: words().projectForm.skills, hint: words().projectForm.skillsHint,
        required: true, maxlength: 100,
      }),
      textArea(form, {
        name: 'project/description', label: words().projectForm.description, optional: words().common.optional,
        rows: 4,
      }),
    ] : null);
}

/**
 * @param {Project} project
 * @returns {ProjectRecord}
 */
export function recordOf(project) {
  const { title, category, description, skills, languages, budget, timezone } = project;
  const { weekly_hours, created_at, status } = project;
  return /** @type {ProjectRecord} */ ({
    title, category, description, skills, languages, budget, timezone, weekly_hours, created_at, status,
  });
}

/** @param {Record<string, any>} values @returns {ProjectRecord} */
export function otherRecord(values) {
  return /** @type {ProjectRecord} */ ({
    title: values['project/title'].trim() || undefined,
    description: values['project/description'] || undefined,
    skills: values['project/skills'],
  });
}
