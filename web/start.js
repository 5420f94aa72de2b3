/** Brings the shell to life and shows the view that the address names. */
import { Shell } from './components/shell.js';
import { router } from './core/router.js';
import { routes } from './views/index.js';

/** The words must be loaded. */
export function start() {
  router.routes = routes;
  // The shell of index.html comes to life here, since its first drawing needs the words and the routes.
  customElements.define('pw-shell', Shell);
  return router.start();
}
