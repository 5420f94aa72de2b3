/** A button that copies a text, and says so for a moment. */
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { pause } from '../../core/time.js';

const SAID_MS = 2_000;

/** @param {string} text */
export function copyButton(text) {
  // Browsers give no clipboard to a page on plain HTTP.
  if (!navigator.clipboard) return null;
  return h('button', { class: 'button button-quiet', type: 'button', 'aria-live': 'polite', onclick: copy(text) },
    words().security.copy);
}

/** @param {string} text */
function copy(text) {
  /** @param {Event} event */
  return async (event) => {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    const { security } = words();
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = security.copied;
    } catch {
      button.textContent = security.notCopied;
    }
    await pause(SAID_MS);
    button.textContent = security.copy;
  };
}
