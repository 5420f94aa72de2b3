/** Starts the page: the language first, then the shell, then the view that the address names. */
import { Shell } from './components/shell.js';
import { language } from './core/language.js';
import { router } from './core/router.js';
import { routes } from './views/index.js';

await language.use(language.current);
router.routes = routes;
// The shell of index.html comes to life here, since its first drawing needs the words and the routes.
customElements.define('pw-shell', Shell);
await router.start();
