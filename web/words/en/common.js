/** What several views say. */

/**
 * Made with the first number: the first formatter of a browser takes a slow processor 60 ms, and headings do not wait
 * for it.
 *
 * @type {Intl.NumberFormat | null}
 */
let figures = null;

/** @param {number} n @param {string} one @param {string} other */
const count = (n, one, other) => {
  figures ??= new Intl.NumberFormat('en');
  return `${figures.format(n)} ${n === 1 ? one : other}`;
};

export default {
  loading: 'Loading',
  sending: 'One moment…',
  retry: 'Try again',
  save: 'Save',
  cancel: 'Cancel',
  close: 'Close',
  edit: 'Edit',
  showMore: 'Show more',
  optional: '(optional)',
  draftRestored: 'We kept what you had typed.',
  draftDiscard: 'Start over',
  nothing: 'There is nothing here yet.',
  mergeTitle: 'This has changed since you opened it',
  mergeText: 'Choose what to keep.',
  mergeNone: 'Your changes and the new ones do not touch the same fields, so both can be kept.',
  mergeTaken: 'Changed meanwhile and kept:',
  mergeSave: 'Save both',
  mergeDiscard: 'Discard my changes',
  mergeEmpty: '(empty)',
  mine: 'Mine',
  theirs: 'The other',
  notFoundTitle: 'This page does not exist',
  notFoundText: 'The address may be mistyped, or the page may be gone.',
  toHome: 'To the open projects',
  skills: 'Skills',
  languages: 'Languages',
  timezone: 'Time zone',
  newcomer: 'New here',
  budgetOpen: 'Budget open',
  budget: {
    /** @param {string} range */
    hourly: (range) => `${range} an hour`,
    /** @param {string} range */
    fixed: (range) => `${range} in all`,
  },
  /** @param {string} money */
  anHour: (money) => `${money} an hour`,
  /** @param {number} n */
  weeklyHours: (n) => count(n, 'hour a week', 'hours a week'),
  /** @param {number} n */
  years: (n) => (n === 0 ? 'Under a year' : count(n, 'year', 'years')),
  /** @param {number} n */
  jobs: (n) => count(n, 'job done', 'jobs done'),
  /** @param {string} share */
  hired: (share) => `hired for ${share} of bids`,
  /** @param {string} word */
  remove: (word) => `Remove “${word}”`,
  /** @param {number} n */
  more: (n) => `+${n}`,
  /** @param {number} n */
  shown: (n) => count(n, 'result is shown', 'results are shown'),
  /** @param {string} id */
  requestId: (id) => `If you write to us, mention request ${id}.`,
  /** @param {string} time */
  tooMany: (time) => `Too many tries. Please try again in ${time}.`,
  /** @param {string} city @param {string | null} time */
  clock: (city, time) => (time ? `${city}, now ${time}` : city),
};
