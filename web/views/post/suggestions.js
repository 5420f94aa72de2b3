/** Words that open projects use, offered while a client types. Without them the form works as well. */
import { get } from '../../core/api.js';
import { isAbort } from '../../core/problem.js';

const PROJECTS = 100;

/** @returns {import('./fields.js').Suggestions} */
export function noSuggestions() {
  return { categories: [], skills: [] };
}

/** @param {AbortSignal} signal @returns {Promise<import('./fields.js').Suggestions>} */
export async function readSuggestions(signal) {
  try {
    const { body } = await get('/projects', { query: { limit: PROJECTS }, signal });
    return {
      categories: [...new Set(body.items.map((project) => project.category))],
      skills: [...new Set(body.items.flatMap((project) => project.skills))].sort(),
    };
  } catch (error) {
    if (!isAbort(error)) console.warn('no suggestions', error);
    return noSuggestions();
  }
}
