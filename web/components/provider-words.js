/**
 * The sentences about providers. They come with the views that need them, so that the first load does not carry them.
 */
import { language } from '../core/language.js';
import { Problem } from '../core/problem.js';
import en from '../words/en/sign-in-with.js';
import ko from '../words/ko/sign-in-with.js';

/** The sentences in the current language. @returns {typeof en} */
export const providerWords = () => (language.current === 'ko' ? ko : en);

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
    const known = /** @type {Record<string, string>} */ (providerWords().problems);
    if (known[error.code]) error.message = known[error.code];
    throw error;
  }
}
