/**
 * `<pw-personal-data>`: the legal name, the phone number and the payout account.
 *
 * The payout account is shown masked. Sending its masked number keeps the stored one.
 */
import { focusFirstError, formFailure, submitButton, textField } from '../../components/field.js';
import { failed, loading } from '../../components/states.js';
import { get, put } from '../../core/api.js';
import { Component } from '../../core/component.js';
import { Form } from '../../core/form.js';
import { language, words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { done } from './done.js';

/** @typedef {import('../../api/call.js').Schema<'PersonalData'>} PersonalData */

class PersonalDataPart extends Component {
  #form = new Form({ legal_name: '', phone: '', bank: '', payout_account: '' }, { scope: 'personal' });
  /** @type {Resource<PersonalData>} */
  #stored = new Resource((signal) => get('/accounts/me/personal-data', { signal }));
  #saved = false;

  connected() {
    this.watch(this.#form, this.#stored);
    this.#load();
  }

  async #load() {
    await this.#stored.load(this.signal);
    if (this.#stored.value) this.#show(this.#stored.value);
  }

  /** @param {PersonalData} data */
  #show({ legal_name = '', phone = '', payout_account: account }) {
    this.#form.set('legal_name', legal_name ?? '');
    this.#form.set('phone', phone ?? '');
    const iban = account && 'iban' in account ? account.iban : null;
    const other = account && 'account_number' in account ? account : null;
    this.#form.set('bank', other ? `${other.country} ${other.bank_code}` : '');
    this.#form.set('payout_account', iban ?? other?.account_number ?? '');
  }

  /** @param {Event} event */
  #submit = async (event) => {
    event.preventDefault();
    this.#saved = false;
    const reply = await this.#form.submit((values) => put('/accounts/me/personal-data', body(values), {
      ifMatch: this.#stored.etag, signal: this.signal,
    }));
    if (reply) {
      this.#stored.set(reply.body, reply.etag);
      this.#show(reply.body);
      this.#saved = true;
    }
    this.drawNow();
    focusFirstError(this);
  };

  draw() {
    const { security, common } = words();
    const { value, error, retry } = this.#stored;
    if (!value) return error ? failed(error, retry) : loading(1);
    const optional = common.optional;
    return h('form', { class: 'form panel', onsubmit: this.#submit, novalidate: true },
      h('p', { class: 'panel-text' }, security.personalText),
      textField(this.#form, {
        name: 'legal_name', label: security.legalName, optional, autocomplete: 'name', maxlength: 200,
      }),
      textField(this.#form, {
        name: 'phone', label: security.phone, hint: security.phoneHint, optional, type: 'tel', autocomplete: 'tel',
      }),
      textField(this.#form, { name: 'bank', label: security.bank, hint: security.bankHint, optional, dir: 'ltr' }),
      textField(this.#form, {
        name: 'payout_account', label: security.payoutAccount, hint: security.payoutHint, optional, dir: 'ltr',
        autocomplete: 'off',
      }),
      formFailure(this.#form),
      submitButton(this.#form, security.savePersonal),
      done(this.#saved && security.personalSaved));
  }
}

/**
 * @param {{ legal_name: string, phone: string, bank: string, payout_account: string }} values
 */
function body({ legal_name, phone, bank, payout_account }) {
  const [country, bank_code] = bank.trim().split(/\s+/);
  const number = payout_account.trim();
  return {
    legal_name: legal_name.trim() || null,
    phone: phone.trim() || null,
    // A number without a country code is dialled where the language of the page is spoken most.
    phone_country: language.current === 'ko' ? 'KR' : null,
    // The API says at its field what is missing.
    payout_account: number === '' && !country ? null : /** @type {any} */ (
      country ? { country, bank_code: bank_code ?? null, account_number: number || null } : { iban: number }),
  };
}

customElements.define('pw-personal-data', PersonalDataPart);
