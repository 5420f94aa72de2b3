/** The recovery codes, which are shown once: to read, to copy, and to download. */
import { words } from '../../core/language.js';
import { h } from '../../core/render.js';
import { copyButton } from './copy-button.js';

/** @param {string[]} codes */
export function recoveryCodes(codes) {
  const { security } = words();
  return h('div', { class: 'form' },
    h('ol', { class: 'recovery-codes', dir: 'ltr' },
      codes.map((code) => h('li', { key: code }, h('code', null, code)))),
    h('div', { class: 'actions' },
      copyButton(codes.join('\n')),
      h('button', { class: 'button button-quiet', type: 'button', onclick: () => download(codes) },
        security.download)));
}

/** @param {string[]} codes */
function download(codes) {
  const text = `${words().security.codesFile}\n\n${codes.join('\n')}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'pairwork-recovery-codes.txt';
  link.click();
  // The browser reads the file soon after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
