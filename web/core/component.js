/**
 * The base of every component and view: a custom element that redraws itself.
 *
 * A component says what it looks like in `draw`. It redraws after `update()`, when the language changes, and when a
 * store that it watches changes. Several updates in one turn make one drawing.
 */
import { language } from './language.js';
import { render } from './render.js';

export class Component extends HTMLElement {
  /** @type {AbortController | null} */
  #connected = null;
  #scheduled = false;

  /**
   * What the component looks like now.
   *
   * @returns {import('./description.js').Children}
   */
  draw() {
    return null;
  }

  /** Runs once each time the component enters the page, before its first drawing. Start loading here. */
  connected() {}

  /** Runs when the language changes. Override it to load again what the API says in words. */
  languageChanged() {}

  /** Aborts when the component leaves the page. Pass it to calls and to listeners. */
  get signal() {
    return this.#connected?.signal ?? AbortSignal.abort();
  }

  /**
   * Redraws whenever a store changes, for as long as the component is in the page.
   *
   * @param {...EventTarget} stores
   */
  watch(...stores) {
    for (const store of stores) store.addEventListener('change', () => this.update(), { signal: this.signal });
  }

  /** Redraws soon. */
  update() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.isConnected) this.drawNow();
    });
  }

  /** Redraws at once: where the next line needs the new elements, for example to focus one. */
  drawNow() {
    render(this, this.draw());
  }

  connectedCallback() {
    this.#connected = new AbortController();
    language.addEventListener('change', () => {
      this.languageChanged();
      this.update();
    }, { signal: this.signal });
    this.connected();
    this.drawNow();
  }

  disconnectedCallback() {
    this.#connected?.abort();
    this.#connected = null;
  }
}

/**
 * The base of every view. The router sets the fields before the view enters the page.
 *
 * A view draws one `h1`; the router moves the focus to it.
 */
export class View extends Component {
  /** The parts of the path: `/projects/:id` gives `{ id }`. @type {Record<string, string>} */
  params = {};
  /** The query of the fragment: `#/?skill=Rust`. */
  query = new URLSearchParams();
  /** What `remember` returned when the reader left this entry of the history; null on a first visit. @type {any} */
  remembered = null;

  /** The title of the window. */
  get title() {
    return '';
  }

  /**
   * What the view needs to look the same when the reader comes back. It must survive JSON.
   *
   * @returns {unknown}
   */
  remember() {
    return null;
  }

  /**
   * Takes a new query of the same path in place. Return false to be made anew instead.
   *
   * @returns {boolean}
   */
  reopened() {
    return false;
  }

  drawNow() {
    super.drawNow();
    document.title = this.title ? `${this.title} · Pairwork` : 'Pairwork';
    this.dispatchEvent(new Event('drawn'));
  }
}
