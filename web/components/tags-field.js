/**
 * `tagsField`: a field that holds a list of short words, such as skills or languages.
 *
 * Enter or a comma adds what is typed; Backspace in the empty input takes the last word away; each word has a button
 * that removes it. The value in the form is an array of strings. Wrong words are marked by their pointers
 * (`/skills/0`).
 */
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { field } from './field.js';
import { icon } from './icon.js';

/**
 * @typedef {object} TagsOptions
 * @property {string} [placeholder]
 * @property {string[]} [suggestions] Offered while typing.
 * @property {number} [maxlength] The longest word.
 * @property {(tag: string) => string} [show] How a word is shown, for example a language by its name.
 * @property {(word: string) => string} [read] The reverse: what is kept of a word that a person typed.
 */

/**
 * @param {import('./field.js').AnyForm} form
 * @param {import('./field.js').FieldOptions & TagsOptions} options
 */
export function tagsField(form, { placeholder, suggestions = [], maxlength = 50, ...options }) {
  const { name, show = same, read = same } = options;
  /** @type {string[]} */
  const tags = form.values[name] ?? [];
  return field(form, options, (tied) => h('div', { class: 'tags' },
    h('ul', { class: 'chips', 'aria-label': options.label }, tags.map((tag, index) => h('li', {
      key: tag,
      class: `chip chip-tag ${form.errors.has(`/${name}/${index}`) ? 'chip-wrong' : ''}`,
    }, h('span', { dir: 'auto' }, show(tag)), h('button', {
      type: 'button',
      class: 'chip-remove',
      'aria-label': words().common.remove(show(tag)),
      onclick: (/** @type {Event} */ event) => {
        form.set(name, tags.filter((_, other) => other !== index));
        inputBeside(event)?.focus();
      },
    }, icon('close'))))),
    h('input', {
      type: 'text',
      class: 'input',
      ...tied,
      placeholder,
      maxlength,
      list: `${name}-suggestions`,
      autocomplete: 'off',
      autocapitalize: 'off',
      enterkeyhint: 'enter',
      dir: 'auto',
      onkeydown: (/** @type {KeyboardEvent} */ event) => typed(event, form, name, read),
      oninput: (/** @type {Event} */ event) => split(event, form, name, read),
      // A typed text that is not added yet counts too when the person goes on to the next field.
      onblur: (/** @type {Event} */ event) => add(/** @type {HTMLInputElement} */ (event.target), form, name, read),
    }),
    h('datalist', { id: `${name}-suggestions` }, suggestions.filter((one) => !tags.includes(one))
      .map((one) => h('option', { key: one, value: one }, show(one))))));
}

/** @param {Event} event */
function inputBeside(event) {
  const button = /** @type {Element} */ (event.target);
  return /** @type {HTMLElement | null | undefined} */ (button.closest('.tags')?.querySelector('input'));
}

/** @typedef {(word: string) => string} Read */

/** @type {Read} */
const same = (word) => word;

/** @param {KeyboardEvent} event @param {import('./field.js').AnyForm} form @param {string} name @param {Read} read */
function typed(event, form, name, read) {
  // While a Korean syllable is being composed, Enter belongs to the input method.
  if (event.isComposing) return;
  const input = /** @type {HTMLInputElement} */ (event.target);
  if (event.key === 'Enter' && input.value.trim() !== '') {
    event.preventDefault();
    add(input, form, name, read);
  } else if (event.key === 'Backspace' && input.value === '') {
    form.set(name, form.values[name].slice(0, -1));
  }
}

/** @param {Event} event @param {import('./field.js').AnyForm} form @param {string} name @param {Read} read */
function split(event, form, name, read) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const isComposing = event instanceof InputEvent && event.isComposing;
  if (!isComposing && /[,，、\n]/.test(input.value)) add(input, form, name, read);
}

/** @typedef {import('./field.js').AnyForm} AnyForm */

/** @param {HTMLInputElement} input @param {AnyForm} form @param {string} name @param {Read} read */
function add(input, form, name, read) {
  const fresh = input.value.split(/[,，、\n]/).map((word) => read(word.trim())).filter(Boolean);
  if (fresh.length === 0) return;
  input.value = '';
  form.set(name, [...new Set([...(form.values[name] ?? []), ...fresh])]);
}
