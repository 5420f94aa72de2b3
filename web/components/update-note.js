/** `<pw-update-note>`: says that there is a new version of the page, and reloads if the reader wants to. */
import { Component } from '../core/component.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';

export class UpdateNote extends Component {
  draw() {
    const { shell } = words();
    return h('section', { class: 'update-note', 'aria-label': shell.newVersion },
      h('p', { role: 'status' }, shell.newVersion),
      h('button', { class: 'button button-strong', type: 'button', onclick: () => location.reload() }, shell.reload),
      h('button', { class: 'button button-quiet', type: 'button', onclick: () => this.remove() }, shell.later));
  }
}

customElements.define('pw-update-note', UpdateNote);
