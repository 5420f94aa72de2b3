/** Every sentence of the page in English. One file per view, so that views can be written side by side. */
import account from './en/account.js';
import bids from './en/bids.js';
import editProject from './en/edit-project.js';
import first from './en/first.js';
import freelancer from './en/freelancer.js';
import myMatches from './en/my-matches.js';
import profile from './en/profile.js';
import project from './en/project.js';
import projectForm from './en/project-form.js';
import projectMatches from './en/project-matches.js';
import rules from './en/rules.js';
import security from './en/security.js';
import signInWith from './en/sign-in-with.js';
import waterfall from './en/waterfall.js';

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
