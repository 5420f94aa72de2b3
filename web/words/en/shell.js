/** The header, the banner, the dialog of an ended session, the footer. */
export default {
  brand: 'Pairwork, to the open projects',
  skip: 'Skip to the content',
  menu: 'Menu',
  navigation: 'Main menu',
  projects: 'Projects',
  freelancers: 'Freelancers',
  signIn: 'Sign in',
  register: 'Create an account',
  lost: 'No connection. What you started goes on when it is back.',
  back: 'The connection is back.',
  endedTitle: 'Your session has ended',
  endedText: 'Enter your password to go on where you were. Nothing you typed is lost.',
  goOn: 'Go on',
  broken: 'This page cannot be shown',
  lists: 'Lists',
  footer: 'Pairwork pairs freelancers with projects, and says why.',
};
