/** Bounded concurrency: a long row of calls, a few at a time. */

/**
 * A queue of tasks of which so many run at a time.
 *
 * @param {number} places
 */
export function queue(places) {
  let running = 0;
  /** @type {(() => void)[]} */
  const waiting = [];
  const next = () => {
    running -= 1;
    waiting.shift()?.();
  };
  /**
   * Runs a task once there is a place for it.
   *
   * @template Result
   * @param {() => Promise<Result>} task
   * @returns {Promise<Result>}
   */
  return async (task) => {
    if (running >= places) await new Promise((resolve) => waiting.push(() => resolve(undefined)));
    running += 1;
    try {
      return await task();
    } finally {
      next();
    }
  };
}
