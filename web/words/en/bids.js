/** Bids, compared. */

/** @param {number} n */
const bids = (n) => (n === 1 ? '1 bid' : `${n.toLocaleString('en')} bids`);

export default {
  text: 'Enter the bids that you have received, wherever they came from. They are ranked by how likely you are to '
    + 'hire each. Nothing is stored.',
  project: 'Project',
  otherProject: 'Another project',
  list: 'Bids',
  /** @param {number} n */
  count: bids,
  none: 'There are no bids yet',
  noneText: 'Paste them from a spreadsheet, or enter them by hand.',
  paste: 'Paste a table',
  pasteHint: 'From a spreadsheet, a CSV file, or JSON. You see how it is understood before anything is added.',
  pasteExample: 'Name\tSkills\tRate\tRating\tMessage\n'
    + 'Mina Kim\tRust, DynamoDB\t$65\t4.8\tI moved a payment gateway last year …',
  /** @param {number} rows @param {number} known @param {number} all */
  found: (rows, known, all) => `${bids(rows)} found. ${known} of ${all} columns recognised.`,
  firstRow: 'The first line holds the names of the columns',
  columns: 'Columns',
  /** @param {number} n */
  column: (n) => `Column ${n}`,
  /** @param {string} name */
  meaning: (name) => `What “${name}” means`,
  leaveOut: 'Leave out',
  noSkills: 'Choose the column that holds the skills. Each bid needs at least one skill.',
  /** @param {number} room */
  tooMany: (room) => `There is room for ${bids(room)} more. The rest is left out.`,
  /** @param {number} n */
  add: (n) => `Add ${bids(n)}`,
  /** @param {number} n */
  added: (n) => `${bids(n)} added.`,
  removed: 'Removed.',
  saved: 'Saved.',
  removeAll: 'Remove all',
  byHand: 'Enter a bid by hand',
  newBid: 'New bid',
  editBid: 'Edit the bid',
  addOne: 'Add the bid',
  /** @param {string} name */
  editOne: (name) => `Edit “${name}”`,
  /** @param {number} n */
  nameless: (n) => `Bid ${n}`,
  /** @param {number} n */
  moreRows: (n) => `${bids(n)} more are not shown here, and take part.`,
  compare: 'Compare the bids',
  /** @param {number} n @param {string} first */
  compared: (n, first) => `${bids(n)} compared. First: ${first}.`,
  result: 'Result',
  legend: 'If you hire one of them, this is the chance for each. The bars begin at an average bid of this list.',
  probability: 'chance to be hired',
  notEligible: 'does not meet the terms',
  start: 'An average bid',
  end: 'This bid',
  parts: {
    display_name: 'Name',
    skills: 'Skills',
    headline: 'Offer in one line',
    message: 'Message',
    hourly_rate: 'Price of an hour',
    currency: 'Currency',
    rating: 'Rating, 0 to 5',
    completed_jobs: 'Jobs done',
    hire_rate: 'Share of bids won',
    response_minutes: 'Time to an answer',
    last_active_at: 'Last active',
    delay_minutes: 'Minutes after posting',
    bid_at: 'Time of the bid',
    years_experience: 'Years of experience',
    languages: 'Languages',
    weekly_hours: 'Hours a week',
    timezone: 'Time zone',
    category: 'Category',
    bio: 'About the person',
    id: 'Number',
  },
  partHints: {
    skills: 'With commas between them.',
    hire_rate: 'Such as 42%.',
    response_minutes: 'Such as 35 min or 2 h.',
    hourly_rate: 'Such as $65.',
  },
};
