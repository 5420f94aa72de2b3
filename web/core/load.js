/** Imports of views and words, over a line that may be lost meanwhile. */
import { connection } from './connection.js';

const ATTEMPTS = 5;

/**
 * Imports a module; where that fails, waits for the line and tries again.
 *
 * @template Module
 * @param {() => Promise<Module>} load
 * @returns {Promise<Module>}
 */
export async function loadModule(load) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      connection.reportLost();
      await connection.back(new AbortController().signal);
    }
  }
}
