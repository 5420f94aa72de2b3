/** Every sentence of the page in English. One file per view, so that views can be written side by side. */
import account from './en/account.js';
import common from './en/common.js';
import freelancer from './en/freelancer.js';
import home from './en/home.js';
import matches from './en/matches.js';
import problems from './en/problems.js';
import profile from './en/profile.js';
import project from './en/project.js';
import rules from './en/rules.js';
import shell from './en/shell.js';

export default {
  account,
  common,
  freelancer,
  home,
  matches,
  problems,
  profile,
  project,
  rules,
  shell,
};
