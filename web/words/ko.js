/** Every sentence of the page in Korean. One file per view, so that views can be written side by side. */
import account from './ko/account.js';
import bids from './ko/bids.js';
import editProject from './ko/edit-project.js';
import first from './ko/first.js';
import freelancer from './ko/freelancer.js';
import myMatches from './ko/my-matches.js';
import profile from './ko/profile.js';
import project from './ko/project.js';
import projectForm from './ko/project-form.js';
import projectMatches from './ko/project-matches.js';
import rules from './ko/rules.js';
import security from './ko/security.js';
import signInWith from './ko/sign-in-with.js';
import waterfall from './ko/waterfall.js';

export default {
  ...first,
  account,
  bids,
  editProject,
  freelancer,
  myMatches,
  profile,
  project,
  projectForm,
  projectMatches,
  rules,
  security,
  signInWith,
  waterfall,
};
