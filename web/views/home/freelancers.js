/** The other list of the home page: the freelancers, newest first. */
import { freelancerCard } from '../../components/cards.js';
import { get } from '../../core/api.js';
import { words } from '../../core/language.js';
import { ListView } from './list-view.js';

export default class FreelancersView extends ListView {
  routeName = 'freelancers';

  get title() {
    return words().home.freelancers;
  }

  /** @type {ListView['page']} */
  async page(query, signal) {
    return (await get('/freelancers', { query, signal })).body;
  }

  card = freelancerCard;
}

customElements.define('view-freelancers', FreelancersView);
