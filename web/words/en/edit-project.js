/** Changing a project. */
export default {
  title: 'Edit the project',
  save: 'Save the changes',
  statusTitle: 'Open or closed',
  statusText: {
    open: 'The project is open: it is listed, and freelancers are matched with it.',
    closed: 'The project is closed: it is neither listed nor matched.',
    withdrawn: 'The project is hidden, because your account is closing. It opens again if you keep the account.',
  },
  set: { open: 'Open the project again', closed: 'Close the project' },
  done: { open: 'The project is open again.', closed: 'The project is closed.' },
};
