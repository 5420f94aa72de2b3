/**
 * How one signs in: password, address, second factor, passkeys, and the devices that are signed in.
 *
 * Each part is a component of its own.
 */
import './activity.js';
import './change-email.js';
import './change-password.js';
import './delete-account.js';
import './export-account.js';
import './devices.js';
import './passkeys.js';
import './personal-data.js';
import './providers.js';
import './second-factor.js';
import { icon } from '../../components/icon.js';
import { passkeyWords } from '../../components/passkey.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href } from '../../core/router.js';
import { adoptSheet } from '../../core/sheet.js';

adoptSheet(import.meta.resolve('./security.css'));

export default class SecurityView extends View {
  #account = new Resource((signal) => get('/accounts/me', { signal }));
  #devices = new Resource((signal) => get('/sessions', { signal }));
  #providers = new Resource((signal) => get('/sign-in-providers', { signal }));

  get title() {
    return words().security.title;
  }

  connected() {
    this.watch(this.#providers);
    this.#providers.load(this.signal);
    this.#account.load(this.signal);
    this.#devices.load(this.signal);
  }

  draw() {
    const { security, account } = words();
    return h('div', { class: 'page page-middle security' },
      h('a', { class: 'back', href: href('account') }, icon('back'), account.title),
      h('h1', { class: 'page-title' }, this.title),
      part('password', security.passwordTitle, h('pw-change-password', {
        // A new password signs the other devices out.
        onchanged: () => this.#devices.load(this.signal),
      })),
      part('email', security.emailTitle, h('pw-change-email', null)),
      part('second-factor', security.factorTitle, h('pw-second-factor', {
        '.account': this.#account,
        onchanged: () => this.#account.load(this.signal),
      })),
      part('passkeys', passkeyWords().title, h('pw-passkeys', null)),
      part('personal-data', security.personalTitle, h('pw-personal-data', null)),
      this.#providersPart(),
      part('devices', security.devicesTitle, h('pw-devices', { '.devices': this.#devices })),
      part('activity', security.activityTitle, h('pw-activity', null)),
      part('export', security.exportTitle, h('pw-export-account', null)),
      part('deletion', security.deletionTitle, h('pw-delete-account', null)));
  }

  /** A market without providers shows nothing of them. */
  #providersPart() {
    const providers = this.#providers.value?.items ?? [];
    if (providers.length === 0) return null;
    return part('providers', words().signInWith.panelTitle, h('pw-providers', { '.providers': providers }));
  }
}

/** @param {string} name @param {string} title @param {import('../../core/description.js').Child} content */
function part(name, title, content) {
  return h('section', { class: 'section', 'aria-labelledby': `security-${name}` },
    h('h2', { id: `security-${name}`, class: 'section-title' }, title), content);
}

customElements.define('view-security', SecurityView);
