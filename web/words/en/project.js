/** A project's page. */
export default {
  kicker: 'Project',
  description: 'What is needed',
  noDescription: 'The client has written no description.',
  terms: 'Terms',
  budget: 'Budget',
  hours: 'Hours',
  starts: 'Starts',
  expires: 'Applications until',
  posted: 'Posted',
  changed: 'Changed',
  anyLanguage: 'Any language',
  closed: 'This project is closed. It is neither listed nor matched.',
  own: 'This is your project.',
  ownActions: 'What you can do with your project',
  deletion: {
    button: 'Delete the project',
    title: 'Delete this project?',
    text: 'Nobody can read it any more, and nobody can bring it back. If you may need it again, close it instead.',
  },
};
