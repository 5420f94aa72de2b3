/** Changing a project. */
export default {
  title: 'Edit the project',
  save: 'Save the changes',
  changedTitle: 'This has changed meanwhile',
  changedText: 'The project was changed after you opened it. Choose what to keep for each field.',
  theirs: 'Stored now',
  mine: 'Your change',
  before: 'As you had it',
  nothing: 'Nothing',
  saveMerge: 'Save this choice',
  discardMine: 'Drop my changes',
  statusTitle: 'Open or closed',
  statusText: {
    open: 'The project is open: it is listed, and freelancers are matched with it.',
    closed: 'The project is closed: it is neither listed nor matched.',
  },
  set: { open: 'Open the project again', closed: 'Close the project' },
  done: { open: 'The project is open again.', closed: 'The project is closed.' },
};
