/** What the form changes of a project, and what others changed meanwhile. A budget counts as one field. */
import { Merge } from '../../core/merge.js';
import { bodyOf, FIELDS, valuesOf } from '../post/values.js';

/** @typedef {import('../post/values.js').Values} Values */
/** @typedef {import('../post/values.js').Project} Project */
/** @typedef {import('../post/values.js').ProjectInput} ProjectInput */

/** The body of a project as the form would send it unchanged. @param {Project} project @returns {ProjectInput} */
const unchanged = (project) => bodyOf(valuesOf(project));

/**
 * The merge patch (RFC 7396) that leads from a stored project to what the form holds.
 *
 * @param {Project} base
 * @param {Values} values
 * @returns {Partial<ProjectInput>}
 */
export function patchOf(base, values) {
  const [before, after] = [unchanged(base), bodyOf(values)];
  const changed = FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field) => [field, after[field]]));
}

/**
 * @param {Project} base The project when the form was opened.
 * @param {Values} values What the form holds.
 * @param {Project} stored The project as it is now.
 */
export function mergeOf(base, values, stored) {
  return new Merge(unchanged(base), bodyOf(values), unchanged(stored));
}

/**
 * The form's values after a merge. What the person typed stays as they typed it.
 *
 * @param {Merge} merge
 * @param {Values} values
 * @param {Project} stored
 * @returns {Values}
 */
export function mergedValues(merge, values, stored) {
  const theirs = merge.conflicts.filter(({ chosen }) => chosen === 'theirs').map(({ name }) => name);
  const taken = new Set([...merge.taken, ...theirs]);
  const fresh = Object.entries(valuesOf(stored)).filter(([name]) => taken.has(name.split('/')[0]));
  return { ...values, ...Object.fromEntries(fresh) };
}
