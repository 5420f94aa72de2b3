/** The code of a second factor: the field for it, and the turn from the password to the code. */
import { words } from '../core/language.js';
import { Problem } from '../core/problem.js';
import { h } from '../core/render.js';
import { textField } from './field.js';

/** What a form needs for a password and, where the account asks for one, a code. */
export const PASSWORD_AND_CODE = {
  password: '',
  code: '',
  /** The code is asked for once the API has said that it wants one. @type {'password' | 'code'} */
  step: 'password',
  /** A recovery code instead of one of the app. */
  recovery: false,
};

/** The fields of `PASSWORD_AND_CODE`, none of which a draft may hold. */
export const SECRETS = /** @type {(keyof typeof PASSWORD_AND_CODE)[]} */ (Object.keys(PASSWORD_AND_CODE));

/** The problem that is about the field of the code. */
export const FIELDS = /** @type {const} */ ({ invalid_code: 'code' });

/**
 * Sends a password with its code. Where the account asks for a code, the form turns to that step.
 *
 * @template {typeof PASSWORD_AND_CODE} Values
 * @template Result
 * @param {import('../core/form.js').Form<Values>} form
 * @param {(values: Values) => Promise<Result>} send
 * @returns {Promise<Result | undefined>} As `Form.submit`.
 */
export function submitWithCode(form, send) {
  return form.submit(async (values) => {
    try {
      return await send({ ...values, code: values.code.trim() });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'second_factor_required') throw error;
      form.set('step', /** @type {any} */ ('code'));
      return undefined;
    }
  });
}

/**
 * The field of a code, with the way to a recovery code and back.
 *
 * @param {import('../core/form.js').Form<any>} form
 */
export function codeField(form) {
  const { recovery } = form.values;
  const { security } = words();
  return h('div', { class: 'field', key: 'code-step' },
    textField(form, {
      name: 'code',
      label: recovery ? security.recoveryCode : security.code,
      hint: recovery ? security.recoveryCodeHint : security.codeHint,
      // A phone shows digits, and offers a code that it has received.
      inputmode: recovery ? 'text' : 'numeric',
      autocomplete: recovery ? 'off' : 'one-time-code',
      autocapitalize: 'none',
      spellcheck: 'false',
      maxlength: 40,
      required: true,
    }),
    h('button', {
      class: 'button button-plain button-start',
      type: 'button',
      onclick: () => {
        form.set('recovery', !recovery);
        form.set('code', '');
      },
    }, recovery ? security.useApp : security.useRecoveryCode));
}
