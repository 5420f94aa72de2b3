/** Waiting. */

/**
 * Waits, or rejects with the signal's reason once it aborts.
 *
 * @param {number} duration_ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(duration_ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, duration_ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Waits for a promise, or rejects with the signal's reason once it aborts.
 *
 * @template Result
 * @param {Promise<Result>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<Result>}
 */
export function untilAborted(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * The pause before the next attempt: half a second, doubled each time, with jitter so that many clients spread out.
 *
 * @param {number} attempt From 0.
 * @param {number} longest_ms
 */
export function backoff(attempt, longest_ms) {
  const full = Math.min(longest_ms, 500 * 2 ** attempt);
  return full / 2 + Math.random() * (full / 2);
}
