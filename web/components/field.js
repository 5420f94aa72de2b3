/**
 * Fields of a form: label, control, hint and error, tied together for screen readers.
 *
 * `field` wraps any control; `textField`, `textArea` and `selectField` are the common ones.
 */
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { icon } from './icon.js';

/** @typedef {import('../core/form.js').Form<any>} AnyForm */
/**
 * @typedef {object} FieldOptions
 * @property {string} name The field's name in the form and in the request body.
 * @property {string} label
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {string} [optional] The mark of a field that may stay empty, such as "optional".
 */
/** @typedef {Record<string, unknown>} ControlAttributes `id`, `aria-describedby`, `aria-invalid`, … for the control. */

/**
 * @param {AnyForm} form
 * @param {FieldOptions} options
 * @param {(attributes: ControlAttributes) => import('../core/description.js').Child} control Draws the control.
 */
export function field(form, { name, label, hint, required, optional }, control) {
  const id = `${form.scope}-${name}`;
  const error = form.errorOf(name);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return h('div', { class: 'field', key: `${form.scope}.${name}` },
    h('label', { class: 'field-label', for: id },
      label, optional && h('span', { class: 'field-optional' }, ` ${optional}`)),
    hint ? h('p', { class: 'field-hint', id: `${id}-hint` }, hint) : null,
    control({
      id,
      name,
      'aria-describedby': described || null,
      'aria-invalid': error ? 'true' : null,
      'aria-required': required ? 'true' : null,
    }),
    error ? h('p', { class: 'field-error', id: `${id}-error` }, icon('warning'), error) : null);
}

/**
 * @param {AnyForm} form
 * @param {FieldOptions & ControlAttributes} options Other attributes, such as `type`, reach the input.
 */
export function textField(form, { label, hint, optional, required, ...attributes }) {
  const { name } = attributes;
  return field(form, { name, label, hint, optional, required }, (tied) => h('input', {
    type: 'text',
    class: 'input',
    ...attributes,
    ...tied,
    '.value': form.values[name] ?? '',
    oninput: valueInto(form, name),
  }));
}

/** @param {AnyForm} form @param {FieldOptions & ControlAttributes} options */
export function textArea(form, { label, hint, optional, required, ...attributes }) {
  const { name } = attributes;
  return field(form, { name, label, hint, optional, required }, (tied) => h('textarea', {
    class: 'input',
    rows: 6,
    dir: 'auto',
    ...attributes,
    ...tied,
    '.value': form.values[name] ?? '',
    oninput: valueInto(form, name),
  }));
}

/** @param {AnyForm} form @param {FieldOptions & { choices: [value: string, label: string][] }} options */
export function selectField(form, { choices, ...options }) {
  return field(form, options, (tied) => h('select', {
    class: 'input',
    ...tied,
    '.value': form.values[options.name] ?? '',
    onchange: valueInto(form, options.name),
  }, choices.map(([value, label]) => h('option', { key: value, value }, label))));
}

/** @param {AnyForm} form @param {string} name */
function valueInto(form, name) {
  /** @param {Event} event */
  return (event) => form.set(name, /** @type {HTMLInputElement} */ (event.target).value);
}

/**
 * The button that sends a form. While the form is on its way it says so; it stays in the order of focus.
 *
 * @param {AnyForm} form
 * @param {string} label
 */
export function submitButton(form, label) {
  return h('button', {
    class: 'button button-strong button-wide',
    type: 'submit',
    'aria-disabled': form.busy ? 'true' : null,
  }, form.busy ? words().common.sending : label);
}

/**
 * Says that a draft was restored, and offers to start over.
 *
 * @param {AnyForm} form
 * @param {() => void} [startOver] Where more than the draft is to be forgotten.
 */
export function draftNote(form, startOver = () => form.reset()) {
  if (!form.restored) return null;
  return h('p', { class: 'draft-note', key: 'draft-note' },
    words().common.draftRestored,
    h('button', { class: 'button button-plain', type: 'button', onclick: startOver },
      words().common.draftDiscard));
}

/**
 * The failure of a form as a whole. It is always there, so that screen readers hear it when it fills.
 *
 * @param {AnyForm} form
 */
export function formFailure(form) {
  return h('div', { class: 'form-failure', role: 'alert', key: 'form-failure' },
    form.failureSentence ? h('p', null, icon('warning'), form.failureSentence) : null);
}

/**
 * Moves the focus to the first wrong field of a form. Call it after a refused submission.
 *
 * @param {Element} host The view.
 */
export function focusFirstError(host) {
  /** @type {HTMLElement | null} */ (host.querySelector('[aria-invalid="true"]'))?.focus();
}
