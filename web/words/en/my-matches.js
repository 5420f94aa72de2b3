/** Projects for a freelancer: matches, reasons, advice. */

const rules = new Intl.PluralRules('en');

/** @param {number} n @param {string} one @param {string} other */
const count = (n, one, other) => `${n.toLocaleString('en')} ${rules.select(n) === 'one' ? one : other}`;

export default {
  lead: 'Open projects that fit your profile, the best first. The bars show what speaks for you and what against.',
  filter: 'How many of the wanted skills you have',
  oneSkill: 'At least one skill',
  /** @param {number} share */
  leastShare: (share) => (share === 1 ? 'All skills' : `At least ${Math.round(share * 100)}%`),
  anyProject: 'All projects',
  /** @param {number} n */
  scored: (n) => `${count(n, 'project', 'projects')} compared`,
  score: 'that you propose and are hired',
  interest: 'You would propose',
  choice: 'The client would hire you',
  yours: 'yours',
  reasons: 'Reasons, from the start to the score',
  base: 'At first, nothing is known',
  scoreRow: 'Taken together',
  toAdvice: 'How to rank higher',
  busy: 'Your profile says that you take no work at the moment, so no project lists you.',
  toProfile: 'Edit my profile',
  nothing: 'No open project fits yet',
  nothingText: 'More skills and languages in your profile, or a price that more clients can pay, lead to more matches.',
  noProfile: 'You have no profile yet',
  noProfileText: 'Tell what you can do. Your matches appear as soon as you save.',
  makeProfile: 'Create my profile',
  adviceTitle: 'How to rank higher',
  today: 'Your rank today',
  without: 'Your rank, if nothing stood in the way',
  /** @param {string} share */
  chance: (share) => `${share} that you propose and are hired`,
  wanted: 'The project asks for',
  oneMore: 'With one more skill',
  oneMoreText: 'Name only what you can do: clients see your profile.',
  allSkills: 'You name every skill that this project asks for',
  allSkillsText: 'What counts from here on is your text and your record.',
  notListed: 'not listed',
  /** @param {string} rank */
  still: (rank) => `still ${rank}`,
  add: 'Add',
  /** @param {string} skill */
  addSkill: (skill) => `Add “${skill}” to my profile`,
  /** @type {Record<string, string>} */
  changeField: {
    weekly_hours: 'Change my free time',
    languages: 'Change my languages',
    hourly_rate: 'Change my rate',
    skills: 'Change my skills',
  },
  obstacles: {
    /** @param {string} rate @param {string} budget */
    above_budget: (rate, budget) => `You charge ${rate}; the client pays ${budget}.`,
    /** @param {string} rate @param {string} budget */
    other_currency: (rate, budget) => `You charge ${rate}; the client pays ${budget}. `
      + 'Amounts of different currencies are never compared.',
    /** @param {string} mine @param {string} theirs */
    no_shared_language: (mine, theirs) => `The work is done in: ${theirs}. `
      + (mine ? `Your profile names: ${mine}.` : 'Your profile names no language.'),
    unavailable: 'Your profile says 0 hours a week. While it does, no project lists you.',
    too_few_skills: 'The client sees freelancers who have at least one of the wanted skills. The list below shows '
      + 'which would help.',
    own_project: 'You posted this project yourself, so you cannot be matched with it.',
    project_closed: 'The client has closed it, or it has expired. The ranks below are those of an open project.',
  },
  features: {
    skill_overlap: 'Wanted skills',
    skill_experience: 'Jobs with these skills',
    text_similarity: 'Text like the project’s',
    rating: 'Rating',
    hire_rate: 'Hired for bids',
    response_time: 'Time to answer',
    last_seen: 'Last seen',
    activity_week: 'Activity this week',
    activity_month: 'Activity this month',
    activity_half_year: 'Activity this half-year',
  },
  previewTitle: 'Who fits so far',
  previewText: 'Computed on your device while you type. Your text is not sent.',
  /** @param {number} n */
  previewAmong: (n) => `The best of ${count(n, 'freelancer', 'freelancers')} that this page has loaded.`,
  previewWaiting: 'Name a skill to see who fits.',
  previewNobody: 'Nobody among those loaded can take this project: look at the languages and the budget.',
  previewFailed: 'The preview does not work in this browser. Matches appear after you post.',
  previewWhy: 'Why',
  previewInterest: 'would propose',
  previewChoice: 'you would hire',
};
