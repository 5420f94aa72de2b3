/**
 * Values in `localStorage` or `sessionStorage`. Storage may be full, forbidden or edited by hand: then a read gives
 * null and a write has no effect, and the page works on.
 */

/**
 * One stored value, as JSON.
 *
 * @param {string} name
 * @param {'local' | 'session'} [where] `session` ends with the tab.
 */
export function stored(name, where = 'local') {
  const key = `pairwork.${name}`;
  const storage = () => (where === 'local' ? localStorage : sessionStorage);
  return {
    key,
    /** @returns {any} */
    read() {
      try {
        return JSON.parse(storage().getItem(key) ?? 'null');
      } catch {
        return null;
      }
    },
    /** @param {unknown} value null removes it. */
    write(value) {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, JSON.stringify(value));
      } catch {
        // The page goes on without a memory.
      }
    },
  };
}
