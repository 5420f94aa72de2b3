/** An address that leads nowhere. */
import { empty } from '../../components/states.js';
import { View } from '../../core/component.js';
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { href } from '../../core/router.js';

export default class NotFoundView extends View {
  get title() {
    return words().common.notFoundTitle;
  }

  draw() {
    return h('div', { class: 'page page-narrow' },
      h('h1', { class: 'visually-hidden' }, words().common.notFoundTitle),
      empty(words().common.notFoundTitle, words().common.notFoundText,
        h('a', { class: 'button', href: href('home') }, words().common.toHome)));
  }
}

customElements.define('view-not-found', NotFoundView);
