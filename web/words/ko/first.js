/** 첫 화면에 필요한 말: 목록과 모든 화면의 머리말·꼬리말. */
import common from './common.js';
import home from './home.js';
import problems from './problems.js';
import shell from './shell.js';

export default { common, home, problems, shell };
