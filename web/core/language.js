/**
 * The language of the page: Korean or English.
 *
 * The first visit takes the first of the two among `navigator.languages`. A choice is remembered. A `change` event
 * follows when the words of the new language are there. The lists of the home page need few words, so the first load
 * brings those alone; the router loads all others beside the first view that is no such list.
 */
import { loadModule } from './load.js';
import { stored } from './stored.js';

/** @typedef {'en' | 'ko'} Language */
/** @typedef {typeof import('../words/en.js').default} Words */

/** Each language by its own name. @type {Record<Language, string>} */
export const LANGUAGES = { en: 'English', ko: '한국어' };

const memory = stored('language');

class LanguageStore extends EventTarget {
  /** @type {Language} */
  current = firstChoice();
  /** @type {Words | null} */
  words = null;
  /** @type {Language} */
  #wanted = this.current;
  #wantsAll = false;

  /**
   * Loads the words of a language and shows the page in it.
   *
   * @param {Language} wanted
   */
  async use(wanted) {
    this.#wanted = wanted;
    await this.#load();
  }

  /** Loads the words that the first load left out. */
  async useAll() {
    this.#wantsAll = true;
    await this.#load();
  }

  /** @returns {Promise<void>} */
  async #load() {
    const [wanted, wantsAll] = [this.#wanted, this.#wantsAll];
    const loaded = await loadModule(wantsAll
      ? () => import(`../words/${wanted}.js`)
      : () => import(`../words/${wanted}/first.js`));
    // The latest call decides.
    if (wanted !== this.#wanted || wantsAll !== this.#wantsAll) return this.#load();
    const isNew = this.words === null || wanted !== this.current;
    this.current = wanted;
    this.words = loaded.default;
    if (!isNew) return;
    document.documentElement.lang = wanted;
    this.dispatchEvent(new Event('change'));
  }

  /** Shows the page in a language and remembers the choice. @param {Language} wanted */
  async choose(wanted) {
    await this.use(wanted);
    memory.write(wanted);
  }
}

/** @returns {Language} */
function firstChoice() {
  const wished = [memory.read(), ...navigator.languages].map((tag) => String(tag).slice(0, 2).toLowerCase());
  return wished.find((tag) => tag === 'ko' || tag === 'en') === 'ko' ? 'ko' : 'en';
}

export const language = new LanguageStore();

/**
 * Every sentence of the page, in the current language: `words().home.heading`.
 *
 * @returns {Words}
 */
export function words() {
  if (!language.words) throw new Error('the words are not loaded yet');
  return language.words;
}
