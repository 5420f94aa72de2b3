/** The lists of open projects and of freelancers. */
export default {
  projects: 'Open projects',
  freelancers: 'Freelancers',
  welcomeTitle: 'The right pair, and the reasons why.',
  welcomeText: 'Post a project and see who fits, or show what you can do and see where you are wanted. '
    + 'Each match comes with its reasons.',
  filters: 'Filters',
  category: 'Field of work',
  all: 'All',
  skill: 'Skill',
  skillPlaceholder: 'Find a skill',
  search: 'Search',
  /** @param {string} skill */
  without: (skill) => `Without “${skill}”`,
  results: 'Results',
  clear: 'Show all',
  nothingFits: 'Nothing fits this filter',
  nothingFitsText: 'Try another skill, or look at everything.',
  nothingYet: 'Not found yet',
  nothingYetText: 'New entries appear here as soon as somebody adds one.',
};
