/** Movement of a list to its new order, so that the eye can follow who rose and who fell. */

const DURATION_MS = 380;

/**
 * Changes a list and lets its items glide from their old places to the new ones.
 *
 * @param {HTMLElement} host
 * @param {string} attribute The attribute that names an item, such as `data-match`.
 * @param {() => void} change Draws the new order.
 */
export function glide(host, attribute, change) {
  const before = tops(host, attribute);
  change();
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const [name, { element, top }] of tops(host, attribute)) {
    const from = before.get(name)?.top;
    const frames = from === undefined
      ? [{ opacity: 0 }, { opacity: 1 }]
      : [{ transform: `translateY(${from - top}px)` }, { transform: 'none' }];
    if (from !== top) element.animate(frames, { duration: DURATION_MS, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' });
  }
}

/** @param {HTMLElement} host @param {string} attribute */
function tops(host, attribute) {
  return new Map(Array.from(host.querySelectorAll(`[${attribute}]`), (element) =>
    [element.getAttribute(attribute), { element, top: element.getBoundingClientRect().top }]));
}
