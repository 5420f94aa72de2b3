/**
 * Every view of the page, in one table.
 *
 * A new view is a new row: see README.md, "Add a view". Rows with a `menu` get their link there by themselves. The
 * first row whose path fits is shown.
 */

/** @type {import('../core/router.js').Route[]} */
export const routes = [
  // ---- Everybody ----------------------------------------------------------------------------------------------------
  {
    name: 'home',
    path: '/',
    load: () => import('./home/view.js'),
    isFirst: true,
    menu: 'main',
    label: (words) => words.shell.projects,
    icon: 'project',
  },
  {
    name: 'freelancers',
    path: '/freelancers',
    load: () => import('./home/freelancers.js'),
    isFirst: true,
    menu: 'main',
    label: (words) => words.shell.freelancers,
    icon: 'people',
  },
  { name: 'project', path: '/projects/:id', load: () => import('./project/view.js') },
  { name: 'freelancer', path: '/freelancers/:id', load: () => import('./freelancer/view.js') },

  // ---- Account ------------------------------------------------------------------------------------------------------
  { name: 'register', path: '/register', load: () => import('./register/view.js') },
  { name: 'sign-in', path: '/sign-in', load: () => import('./sign-in/view.js') },
  // The market leads people here when they come back from a provider.
  { name: 'sign-in-with', path: '/sign-in-with/:provider', load: () => import('./sign-in-with/view.js') },
  { name: 'forgot', path: '/forgot', load: () => import('./forgot/view.js') },
  // The links of letters lead to these two.
  { name: 'reset', path: '/reset/:token', load: () => import('./reset/view.js') },
  { name: 'confirm', path: '/confirm/:token', load: () => import('./confirm/view.js') },
  { name: 'account', path: '/account', load: () => import('./account/view.js'), signedIn: true },
  {
    name: 'security',
    path: '/account/security',
    load: () => import('./security/view.js'),
    signedIn: true,
    menu: 'account',
    label: (words) => words.security.title,
    icon: 'lock',
  },

  // ---- Clients -----------------------------------------------------------------------------------------------------
  {
    name: 'post',
    path: '/post',
    load: () => import('./post/view.js'),
    signedIn: true,
    menu: 'client',
    label: (words) => words.shell.post,
    icon: 'plus',
  },
  {
    name: 'matches',
    path: '/projects/:id/matches',
    load: () => import('./matches/view.js'),
    signedIn: true,
    menu: 'own-project',
    label: (words) => words.projectMatches.menu,
    icon: 'people',
  },
  {
    name: 'edit-project',
    path: '/projects/:id/edit',
    load: () => import('./edit-project/view.js'),
    signedIn: true,
    menu: 'own-project',
    label: (words) => words.projectForm.editMenu,
    icon: 'edit',
  },
  {
    name: 'project-bids',
    path: '/projects/:id/bids',
    load: () => import('./bids/view.js'),
    menu: 'own-project',
    label: (words) => words.shell.bids,
    icon: 'chart',
  },
  {
    name: 'bids',
    path: '/bids',
    load: () => import('./bids/view.js'),
    menu: 'client',
    label: (words) => words.shell.bids,
    icon: 'chart',
  },

  // ---- Freelancers --------------------------------------------------------------------------------------------------
  {
    name: 'profile',
    path: '/profile',
    load: () => import('./profile/view.js'),
    signedIn: true,
    menu: 'freelancer',
    label: (words) => words.shell.profile,
    icon: 'person',
  },
  {
    name: 'my-matches',
    path: '/my-matches',
    load: () => import('./my-matches/view.js'),
    signedIn: true,
    menu: 'freelancer',
    label: (words) => words.shell.myMatches,
    icon: 'spark',
  },
  {
    name: 'advice',
    path: '/my-matches/:id/advice',
    load: () => import('./my-matches/advice.js'),
    signedIn: true,
    menu: 'foreign-project',
    label: (words) => words.myMatches.adviceTitle,
    icon: 'chart',
  },

  // ---- Later: /messages, /contracts, /auctions, /notifications ------------------------------------------------------

  { name: 'not-found', path: '/not-found', load: () => import('./not-found/view.js') },
];
