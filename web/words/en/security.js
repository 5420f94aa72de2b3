/** Sign-in and security: password, address, second factor, devices, and the questions of the dialogs. */

/** @param {number} n */
const devices = (n) => (n === 1 ? 'One device was signed out.' : `${n.toLocaleString('en')} devices were signed out.`);

export default {
  title: 'Sign-in and security',
  proveTitle: 'Is it you?',
  proveText: 'Enter your password once more before you change this.',
  code: 'Code',
  codeHint: 'The six digits that your authenticator app shows.',
  recoveryCode: 'Recovery code',
  recoveryCodeHint: 'One of the codes that you kept. Each works once.',
  useRecoveryCode: 'Use a recovery code',
  useApp: 'Use the authenticator app',
  passwordTitle: 'Password',
  passwordText: 'When you change it, your other devices are signed out.',
  currentPassword: 'Present password',
  changePassword: 'Change the password',
  passwordChanged: 'Your new password counts. Your other devices are signed out.',
  emailTitle: 'E-mail address',
  emailNow: 'You sign in with',
  newEmail: 'New address',
  newEmailHint: 'We send a letter to it. It counts once you follow the link.',
  /** @param {string} address */
  emailSent: (address) => `A letter is on its way to ${address}. Your old address counts until you follow its link.`,
  factorTitle: 'Two-step sign-in',
  factorText: 'An authenticator app on your phone shows a new code every half minute. With it, a stolen password alone '
    + 'opens nothing.',
  addApp: 'Set up an app',
  removeApp: 'Remove the app',
  newCodes: 'New recovery codes',
  /** @param {number} n */
  codesLeft: (n) => (n === 1 ? 'Signing in takes a code. One recovery code is left.'
    : `Signing in takes a code. ${n} recovery codes are left.`),
  factorAdded: 'From now on, signing in takes a code.',
  factorRemoved: 'The app is removed. Signing in takes no code any more.',
  scanTitle: 'Add Pairwork to your app',
  scanText: 'Scan this picture with your authenticator app.',
  qr: 'QR code for your authenticator app',
  secretText: 'Or type this key into the app:',
  openApp: 'Open the app on this device',
  firstCode: 'The code that the app shows now',
  confirmApp: 'Confirm',
  codesTitle: 'Keep your recovery codes',
  codesText: 'If you lose your phone, each of these codes signs you in once. They are not shown again.',
  codesFile: 'Recovery codes for Pairwork. Each of them signs you in once.',
  codesKept: 'I have kept them',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Could not copy',
  download: 'Download',
  removeTitle: 'Remove the app',
  removeText: 'Enter a code. After that, your password alone signs you in.',
  devicesTitle: 'Where you are signed in',
  thisDevice: 'This device',
  unknownDevice: 'Unknown device',
  /** @param {string} time */
  lastUsed: (time) => `last used ${time}`,
  end: 'Sign out',
  /** @param {string} device */
  endDevice: (device) => `Sign out ${device}`,
  endOthers: 'Sign out all other devices',
  ended: devices,
  noOthers: 'You are signed in on no other device.',
  activityTitle: 'Recent activity',
  activityText: 'If you do not know an entry, change your password and sign out your other devices.',
  thisNetwork: 'from this network',
  otherNetwork: 'from another network',
  /** @type {Record<string, string>} */
  actors: { staff: 'by the market’s staff', system: 'by the market' },
  /** @type {Record<string, string>} */
  factors: {
    password: 'with the password',
    'password+totp': 'with the password and a code',
    'password+recovery_code': 'with the password and a recovery code',
  },
  /** @type {Record<string, string>} */
  acts: {
    registered: 'Account opened',
    signed_in: 'Signed in',
    session_ended: 'Device signed out',
    refresh_reused: 'Device signed out, because somebody used its old token',
    proved: 'Identity proved',
    password_changed: 'Password changed',
    password_reset: 'Password reset by a letter',
    address_change_requested: 'Another address asked for',
    address_changed: 'Address changed',
    totp_added: 'Authenticator app added',
    totp_removed: 'Authenticator app removed',
    recovery_codes_made: 'New recovery codes made',
    personal_data_changed: 'Personal data changed',
  },
};
