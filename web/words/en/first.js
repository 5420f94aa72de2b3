/** The sentences of the first load: the lists of the home page and what surrounds every view. */
import common from './common.js';
import home from './home.js';
import problems from './problems.js';
import shell from './shell.js';

export default { common, home, problems, shell };
