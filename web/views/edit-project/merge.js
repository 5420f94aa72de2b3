/**
 * The merge of two changes to one project: theirs is stored, mine is in the form, and both began from one base.
 *
 * Everything here works on bodies as the API takes them, field by field; a budget counts as one field.
 */
import { bodyOf, FIELDS, valuesOf } from '../post/values.js';

/** @typedef {import('../post/values.js').Field} Field */
/** @typedef {import('../post/values.js').Values} Values */
/** @typedef {import('../post/values.js').Project} Project */
/** @typedef {import('../post/values.js').ProjectInput} ProjectInput */
/** @typedef {{ field: Field, theirs: ProjectInput, mine: ProjectInput, isConflict: boolean }} Change */

/** The body of a project as the form would send it unchanged. @param {Project} project @returns {ProjectInput} */
const unchanged = (project) => bodyOf(valuesOf(project));

/** @param {ProjectInput} one @param {ProjectInput} other @param {Field} field */
const same = (one, other, field) => JSON.stringify(one[field]) === JSON.stringify(other[field]);

/**
 * The merge patch (RFC 7396) that leads from a stored project to what the form holds.
 *
 * @param {Project} base
 * @param {Values} values
 * @returns {Partial<ProjectInput>}
 */
export function patchOf(base, values) {
  const [before, after] = [unchanged(base), bodyOf(values)];
  return Object.fromEntries(FIELDS.filter((field) => !same(before, after, field)).map((field) => [field, after[field]]));
}

/**
 * What somebody else changed since the form was opened and what the form would change back, field by field.
 *
 * @param {Project} base The project when the form was opened.
 * @param {Project} stored The project as it is now.
 * @param {Values} values What the form holds.
 * @returns {Change[]}
 */
export function changesOf(base, stored, values) {
  const [before, theirs, mine] = [unchanged(base), unchanged(stored), bodyOf(values)];
  return FIELDS.filter((field) => !same(before, theirs, field) && !same(theirs, mine, field))
    .map((field) => ({ field, theirs, mine, isConflict: !same(before, mine, field) }));
}

/**
 * The form's values with some fields taken from the stored project.
 *
 * @param {Values} values
 * @param {Project} stored
 * @param {Field[]} taken
 * @returns {Values}
 */
export function merged(values, stored, taken) {
  const theirs = Object.entries(valuesOf(stored)).filter(([name]) => taken.includes(/** @type {Field} */ (name.split('/')[0])));
  return { ...values, ...Object.fromEntries(theirs) };
}
