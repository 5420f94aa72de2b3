/** A project's matches. */
export default {
  menu: 'See matches',
  label: 'Matches',
  /** @param {string} project */
  title: (project) => `Matches: ${project}`,
  heading: 'Freelancers for',
  toProject: 'To the project',
  reopen: 'Open it again',
  /** @param {number} n */
  pool: (n) => (n === 1 ? '1 freelancer fits' : `${n.toLocaleString('en')} freelancers fit`),
  working: 'Ranking again…',
  legend: 'The percentage is the chance that a freelancer proposes and you hire them. '
    + 'Open the reasons to see how it adds up.',
  /** @param {number} pool @param {string} first */
  ranked: (pool, first) => `Ranked ${pool} freelancers. First: ${first}.`,
  none: 'No freelancer fits yet',
  noneText: 'A freelancer fits if you share a language, the price is within the budget, and they are available.',
  showAll: 'Show everybody who is eligible',
  controls: 'Ranking',
  newcomers: 'Places for newcomers',
  newcomersHint: 'Keeps a share of the first places for people without a history here.',
  noShare: 'None',
  overlap: 'Skills',
  overlapHint: 'Leaves out freelancers with fewer of the skills you want. Rare skills count more.',
  overlapNone: 'None needed',
  overlapOne: 'At least one',
  /** @param {string} share */
  overlapShare: (share) => (share === '100%' ? 'All' : `${share} or more`),
  reset: 'Reset',
  rank: 'Place',
  wanted: 'Wanted:',
  score: 'chance of a contract',
  proposes: 'Proposes if invited',
  hires: 'You hire, if so',
  /** @param {string} chance */
  why: (chance) => `Why ${chance}?`,
  /** @param {string} name */
  caption: (name) => `How the reasons for ${name} add up. Each effect multiplies the odds.`,
  start: 'If nothing were known',
  end: 'With all reasons',
};
