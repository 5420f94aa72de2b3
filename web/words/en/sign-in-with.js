/** Signing in with a provider. */
export default {
  /** @param {string} name */
  goOnWith: (name) => `Continue with ${name}`,
  or: 'or',
  waiting: 'One moment …',
  title: 'Sign in with a provider',
  cancelled: 'Nothing was changed: the provider says that you cancelled.',
  unfinished: 'This visit to the provider did not begin in this tab. Please begin once more.',
  back: 'Back',
  panelTitle: 'Sign in with…',
  panelText: 'An account that you have elsewhere can open this one, too.',
  link: 'Link',
  unlink: 'Unlink',
  /** @param {string} name */
  linkNamed: (name) => `Link ${name}`,
  /** @param {string} name */
  unlinkNamed: (name) => `Unlink ${name}`,
  notLinked: 'not linked',
  /** @param {string} day */
  since: (day) => `linked since ${day}`,
  linked: 'The account is linked. It signs you in from now on.',
  unlinked: 'The account is not linked any more.',
  noPassword: 'Your account has no password. If you want one, ask for a letter:',
  askForLetter: 'Choose a password',
  proveText: 'Your account has no password? Then prove it with a provider. You come back to this page.',
  problems: {
    unknown_provider: 'This provider is not offered any more.',
    provider_unavailable: 'The provider does not answer. Try again in a moment, or sign in another way.',
    unknown_origin: 'Please open the page at its own address.',
    invalid_authorization: 'This visit to the provider was used, took too long, or began in another browser.',
    provider_refused: 'The provider could not confirm who you are. Please begin once more.',
    email_not_verified: 'The provider knows no confirmed e-mail address of yours. Create an account with a password '
      + 'first, then link the provider in “Sign-in and security”.',
    account_exists: 'Your e-mail address already has an account. Sign in with its password, then link the provider in '
      + '“Sign-in and security”.',
    identity_taken: 'This account is linked already, to this account or to another.',
    last_way_to_sign_in: 'This is your only way to sign in. Choose a password first.',
  },
};
