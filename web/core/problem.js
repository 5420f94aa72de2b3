/**
 * A refusal of the API as an error (RFC 9457).
 *
 * `code` is stable and names the kind of problem. `violations` holds the wrong fields of the body.
 */
import { duration } from './format.js';
import { words } from './language.js';

/** @typedef {import('../api/call.js').Schema<'Violation'>} Violation */

export class Problem extends Error {
  /**
   * @param {number} status
   * @param {Partial<import('../api/call.js').Schema<'Problem'>>} document
   * @param {number | null} [retryAfter_s] The pause that the reply asks for.
   */
  constructor(status, document, retryAfter_s = null) {
    super(document.detail ?? document.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = document.code ?? (status === 429 ? 'busy' : 'internal');
    this.requestId = document.request_id ?? null;
    /** @type {Violation[]} */
    this.violations = document.errors ?? [];
    this.retryAfter_s = retryAfter_s;
  }
}

/**
 * A problem in the page's language, for the reader.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  const known = /** @type {Record<string, string>} */ (words().problems);
  if (!(error instanceof Problem)) return known.internal;
  if (error.code === 'too_many_requests' && error.retryAfter_s) {
    return words().common.tooMany(duration(Math.ceil(error.retryAfter_s / 60)));
  }
  return known[error.code] ?? error.message;
}

/**
 * A wrong field in the page's language, for the reader.
 *
 * @param {Violation} violation
 * @returns {string}
 */
export function sentenceOfViolation(violation) {
  const known = /** @type {Record<string, string>} */ (words().rules);
  return known[violation.code] ?? violation.detail;
}

/**
 * Whether an error only says that its reader has left: the view is gone, or the person cancelled.
 *
 * @param {unknown} error
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
