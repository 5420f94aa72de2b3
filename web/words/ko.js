/** Every sentence of the page in Korean. One file per view, so that views can be written side by side. */
import account from './ko/account.js';
import common from './ko/common.js';
import freelancer from './ko/freelancer.js';
import home from './ko/home.js';
import matches from './ko/matches.js';
import problems from './ko/problems.js';
import profile from './ko/profile.js';
import project from './ko/project.js';
import rules from './ko/rules.js';
import shell from './ko/shell.js';

/** @type {import("./en.js").default} */
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
