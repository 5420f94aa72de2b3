/**
 * Starts the page. The words of the language and the rest of the page load side by side; index.html asks for the
 * latter beforehand.
 */
import { language } from './core/language.js';

const [{ start }] = await Promise.all([import('./start.js'), language.use(language.current)]);
start();
