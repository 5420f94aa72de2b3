/** Brings the shell to life and shows the view that the address names. */
import { BrokenView } from './components/broken-view.js';
import { Shell } from './components/shell.js';
import { router } from './core/router.js';
import { session } from './core/session.js';
import { routes } from './views/index.js';

/** The words must be loaded. */
export function start() {
  router.routes = routes;
  router.brokenView = BrokenView;
  // The shell of index.html comes to life here, since its first drawing needs the words and the routes.
  customElements.define('pw-shell', Shell);
  whenAtRest(async () => (await import('./core/updates.js')).keepFiles());
  session.start();
  return router.start();
}

/** @param {() => void} task */
function whenAtRest(task) {
  // Safari has no idle callbacks.
  const wait = globalThis.requestIdleCallback ?? ((/** @type {() => void} */ later) => setTimeout(later, 2_000));
  if (document.readyState === 'complete') wait(task);
  else addEventListener('load', () => wait(task), { once: true });
}
