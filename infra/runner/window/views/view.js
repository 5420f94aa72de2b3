/** What every view of the window shares: what follows its name in the address, and a failure shown as such. */
import { Component } from '/_local/web/core/component.js';
import { h } from '/_local/web/core/render.js';

export class WindowView extends Component {
  #rest = '';
  /** @type {unknown} */
  error = null;

  get rest() {
    return this.#rest;
  }

  /** What follows the view's name in the address. */
  set rest(rest) {
    if (rest === this.#rest) return;
    this.#rest = rest;
    if (this.isConnected) this.moved();
  }

  /** The address has changed within the view. */
  moved() {
    this.update();
  }

  /** Runs what asks the machine, and shows its failure. @param {() => Promise<void>} work */
  async attempt(work) {
    try {
      this.error = null;
      await work();
    } catch (error) {
      if (this.signal.aborted) return;
      this.error = error;
    }
    this.update();
  }

  failure() {
    const said = this.error instanceof Error ? this.error.message : String(this.error);
    return h('div', { role: 'alert', key: 'failure' },
      this.error ? h('p', { class: 'window-failure' }, said) : null);
  }
}
