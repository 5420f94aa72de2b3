/** Passkeys. Only the views that offer them load these words (components/passkey.js). */

export default {
  title: 'Passkeys',
  text: 'With a passkey you sign in by finger, face or PIN: no password, no code. It works on this site alone, so '
    + 'nobody can trick you out of it.',
  none: 'You have no passkey yet.',
  name: 'Name of the passkey',
  nameHint: 'So that you know it again, for example “My phone”.',
  add: 'Add a passkey',
  added: 'The passkey is added. You can sign in with it now.',
  removed: 'The passkey is removed. It signs you in no more. Delete it on your device too.',
  remove: 'Remove',
  /** @param {string} name */
  removeOne: (name) => `Remove the passkey ${name}`,
  /** @param {string} time */
  since: (time) => `added ${time}`,
  /** @param {string} time */
  lastUsed: (time) => `last used ${time}`,
  unused: 'not used yet',
  signIn: 'Sign in with a passkey',
  prove: 'Use a passkey',
  missing: 'This browser has no passkeys.',
  named: 'A browser binds passkeys to a name, and this page was opened by a number. Open it here:',
  cancelled: 'Nothing was chosen. Try again, or use your password.',
  exists: 'This device has a passkey for your account already.',
  refused: 'This passkey is not known here. It may have been removed.',
  failed: 'The device could not finish this. Please try again.',
};
