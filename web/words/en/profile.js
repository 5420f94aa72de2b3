/** The profile editor and its live advice. */

const rules = new Intl.PluralRules('en');

/** @param {number} n @param {string} one @param {string} other */
const count = (n, one, other) => `${n.toLocaleString('en')} ${rules.select(n) === 'one' ? one : other}`;

export default {
  editTitle: 'Edit my profile',
  newTitle: 'Create my profile',
  lead: 'Clients see this, and it decides which projects are shown to you.',
  offer: 'Your offer',
  headline: 'What you offer, in one line',
  headlineHint: 'For example: “Payment back ends in Rust”.',
  category: 'Field of work',
  skills: 'Skills',
  skillsHint: 'Press Enter after each one.',
  bio: 'About you',
  bioHint: 'What you have done, how you work. Its words are compared with those of projects.',
  conditions: 'Terms',
  rate: 'Rate for an hour',
  currency: 'Currency',
  weeklyHours: 'Free hours a week',
  weeklyHoursHint: '0 means that you take no work at the moment.',
  languages: 'Languages to work in',
  languagesHint: 'Projects that need a language show only those who name it.',
  timezone: 'Time zone',
  timezoneHint: 'Such as Asia/Seoul.',
  years: 'Years of experience',
  notANumber: 'Please write a number.',
  notWhole: 'Please write a whole number.',
  save: 'Save my profile',
  saved: 'Saved. Clients see it from now on.',
  savedSame: 'Nothing has changed.',
  toMatches: 'See my matches',
  toPublic: 'As others see it',
  merged: 'Meanwhile this profile was changed elsewhere.',

  advice: 'Advice',
  adviceNew: 'Save your profile once, and this place shows how each skill would change your rank.',
  adviceSaved: 'By your profile as it is saved.',
  looking: 'Comparing you with others…',
  /** @param {number} looked @param {number} projects */
  lookedAt: (looked, projects) => (looked === projects
    ? `We looked at ${looked === 1 ? 'the one project' : `all ${looked} projects`} that you match.`
    : `We looked at your best ${looked} of ${projects.toLocaleString('en')} matching projects.`),
  helpful: 'These skills would help most',
  noHelp: 'No single skill would lift your rank among your best matches.',
  noMatches: 'No open project matches your profile yet. Name a skill to see how many ask for it.',
  /** @param {string} after @param {string} before @param {string} scope */
  step: (after, before, scope) => `You would stand ${after} instead of ${before} ${scope}.`,
  /** @param {string} rank @param {string} scope */
  same: (rank, scope) => `You would still stand ${rank} ${scope}.`,
  /** @param {string} after @param {string} scope */
  listed: (after, scope) => `You would stand ${after} ${scope}; today you are not listed.`,
  /** @param {string} scope */
  stillNot: (scope) => `You would still not be listed ${scope}.`,
  /** @param {number} n */
  forProjects: (n) => `for ${count(n, 'open project', 'open projects')}`,
  /** @param {number} n @param {number} looked */
  forProjectsOf: (n, looked) => `for ${n} of these ${looked} projects`,
  middle: 'Of several ranks, this is the middle one.',
  /** @param {number} n @param {boolean} more */
  wanted: (n, more) => (n === 0 ? 'No open project asks for it at the moment.'
    : more ? `More than ${n} open projects ask for it.`
    : n === 1 ? '1 open project asks for it.' : `${n} open projects ask for it.`),
  /** @param {number} n */
  wantedLooked: (n) => `Looked at the newest ${n}.`,
  has: 'It is already in your saved profile.',
  noRank: 'Your rank with it could not be told.',
  each: 'Project by project',
  addIt: 'Add',
  /** @param {string} skill */
  addSkill: (skill) => `Add “${skill}”`,
};
