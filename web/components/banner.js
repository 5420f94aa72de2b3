/** `<pw-banner>`: says that the line is lost, and for a moment that it is back. */
import { Component } from '../core/component.js';
import { connection } from '../core/connection.js';
import { words } from '../core/language.js';
import { h } from '../core/render.js';
import { pause } from '../core/time.js';
import { icon } from './icon.js';

/** A line that is lost for less than this is not worth a word, in ms. */
const PATIENCE_MS = 600;
const BACK_MS = 2_500;

export class Banner extends Component {
  /** @type {'none' | 'lost' | 'back'} */
  #shown = 'none';

  connected() {
    connection.addEventListener('change', () => this.#follow(), { signal: this.signal });
    if (connection.lost) this.#follow();
  }

  async #follow() {
    if (connection.lost) {
      await pause(PATIENCE_MS);
      if (connection.lost) this.#show('lost');
    } else if (this.#shown === 'lost') {
      this.#show('back');
      await pause(BACK_MS);
      if (!connection.lost) this.#show('none');
    }
  }

  /** @param {'none' | 'lost' | 'back'} what */
  #show(what) {
    this.#shown = what;
    this.update();
  }

  draw() {
    // The live region is always there, so that screen readers hear it when it fills.
    return h('div', { class: 'banner-place', role: 'status' }, this.#shown === 'none' ? null : h('p', {
      class: `banner banner-${this.#shown}`,
    }, icon(this.#shown === 'lost' ? 'offline' : 'check'), words().shell[this.#shown]));
  }
}

customElements.define('pw-banner', Banner);
