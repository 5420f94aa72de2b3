/** The sentences of problems that only providers cause. */
import { words } from '../core/language.js';
import { Problem } from '../core/problem.js';

/**
 * Runs calls about providers. Their own problems get a sentence in the reader's language.
 *
 * @template Result
 * @param {() => Promise<Result>} call
 * @returns {Promise<Result>}
 */
export async function withSentences(call) {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const known = /** @type {Record<string, string>} */ (words().signInWith.problems);
    if (known[error.code]) error.message = known[error.code];
    throw error;
  }
}
