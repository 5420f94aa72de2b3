/** Shown where the files of a view cannot be had, for example after a new release of the page: a reload finds them. */
import { View } from '../core/component.js';
import { words } from '../core/language.js';
import { failedPage } from './states.js';

export class BrokenView extends View {
  get title() {
    return words().shell.broken;
  }

  draw() {
    return failedPage(this.title, null, () => location.reload());
  }
}

customElements.define('view-broken', BrokenView);
