/** The page of one's own account: profile, projects, and everything that an account can do here. */
import '../../components/feed.js';
import { avatar } from '../../components/cards.js';
import { icon } from '../../components/icon.js';
import { get } from '../../core/api.js';
import { View } from '../../core/component.js';
import { day } from '../../core/format.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { Resource } from '../../core/resource.js';
import { href, router } from '../../core/router.js';
import { session } from '../../core/session.js';
import { myProfile } from './my-profile.js';
import { MyProjects } from './my-projects.js';

export default class AccountView extends View {
  #projects = new MyProjects();
  #details = new Resource((signal) => get('/accounts/me', { signal }));
  #profile = new Resource((signal) => get('/freelancers/me', { signal }));

  get title() {
    return words().account.title;
  }

  connected() {
    this.watch(session, this.#details, this.#profile);
    if (this.remembered) this.#projects.list.restore(this.remembered);
    this.#details.load(this.signal);
    this.#profile.load(this.signal);
  }

  remember() {
    return this.#projects.list.remember();
  }

  #signOut = () => {
    router.go(href('home'));
    session.signOut();
  };

  draw() {
    const { account: sentences } = words();
    const { account } = session;
    if (!account) return null;
    return h('div', { class: 'page page-middle' },
      h('div', { class: 'person' },
        avatar(account.display_name, 'large'),
        h('div', { class: 'person-names' },
          h('h1', { class: 'page-title', dir: 'auto' }, account.display_name),
          this.#detailLines())),
      h('section', { class: 'section', 'aria-labelledby': 'my-profile' },
        h('h2', { id: 'my-profile', class: 'section-title' }, sentences.myProfile),
        myProfile(this.#profile),
        links('freelancer')),
      h('section', { class: 'section', 'aria-labelledby': 'my-projects' },
        h('h2', { id: 'my-projects', class: 'section-title' }, sentences.myProjects),
        links('client'),
        this.#projects.draw()),
      h('section', { class: 'section', 'aria-labelledby': 'my-account' },
        h('h2', { id: 'my-account', class: 'section-title' }, sentences.settings),
        links('account')),
      h('div', { class: 'section actions' },
        h('button', { class: 'button button-danger', type: 'button', onclick: this.#signOut }, sentences.signOut)));
  }

  /** Its place is kept while it is on its way. */
  #detailLines() {
    const { value } = this.#details;
    return [
      h('p', { class: 'page-lead', dir: 'ltr' }, value?.email ?? '\u00a0'),
      h('p', { class: 'page-lead' }, value ? words().account.since(day(value.created_at)) : '\u00a0'),
    ];
  }
}

/** The views of a menu as wide links. @param {import('../../core/router.js').Menu} menu */
function links(menu) {
  const routes = router.menu(menu);
  if (routes.length === 0) return null;
  return h('ul', { class: 'links' }, routes.map((route) => h('li', { key: route.name },
    h('a', { class: 'link-row', href: href(route.name) },
      icon(route.icon ?? 'spark'), h('span', null, route.label?.(words()) ?? route.name), icon('next')))));
}

customElements.define('view-account', AccountView);
