/** The home page: the open projects, newest first. */
import { projectCard } from '../../components/cards.js';
import { get } from '../../core/api.js';
import { words } from '../../core/language.js';
import { ListView } from './list-view.js';

export default class HomeView extends ListView {
  routeName = 'home';

  get title() {
    return words().home.projects;
  }

  /** @type {ListView['page']} */
  async page(query, signal) {
    return (await get('/projects', { query, signal })).body;
  }

  card = projectCard;
}

customElements.define('view-home', HomeView);
