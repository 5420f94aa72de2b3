/** Style sheets of views that are not part of the first load. */

/** @type {Set<string>} */
const adopted = new Set();

/**
 * Adds a style sheet to the document, once.
 *
 * @param {string} address From `import.meta.resolve('./view.css')`.
 * @returns {Promise<void>} Settles when the sheet applies, or cannot be had: a view without its sheet still works.
 */
export function adoptSheet(address) {
  if (adopted.has(address)) return Promise.resolve();
  adopted.add(address);
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  document.head.append(link);
  return new Promise((resolve) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      adopted.delete(address);
      link.remove();
      resolve();
    });
  });
}
