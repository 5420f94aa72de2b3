/**
 * The merge of two changes to one record, field by field.
 *
 * A person changed `mine` from `base`; meanwhile the record became `theirs` (the API answered 412 or 409). A field that
 * only one side changed keeps that change. A field that both changed differently is a conflict, for the person to
 * decide. Draw it with `components/merge-panel.js`.
 */

/** @typedef {'mine' | 'theirs'} Side */
/** @typedef {{ name: string, mine: unknown, theirs: unknown, chosen: Side }} Conflict */

export class Merge {
  /** Fields that the others changed and the person did not. @type {string[]} */
  taken = [];
  /** @type {Conflict[]} */
  conflicts = [];
  #values;

  /**
   * @param {Record<string, any>} base What the person began with.
   * @param {Record<string, any>} mine What they want.
   * @param {Record<string, any>} theirs What the record is now.
   */
  constructor(base, mine, theirs) {
    this.#values = { ...mine };
    for (const name of Object.keys(mine)) {
      const iChanged = !same(mine[name], base[name]);
      if (same(mine[name], theirs[name]) || same(base[name], theirs[name])) continue;
      if (iChanged) this.conflicts.push({ name, mine: mine[name], theirs: theirs[name], chosen: 'mine' });
      else this.taken.push(name);
    }
    for (const name of this.taken) this.#values[name] = theirs[name];
  }

  /** @param {string} name @param {Side} side */
  choose(name, side) {
    const decided = (/** @type {Conflict} */ conflict) => ({ ...conflict, chosen: side });
    this.conflicts = this.conflicts.map((conflict) => (conflict.name === name ? decided(conflict) : conflict));
  }

  /** The values to send next, with the current `ETag`. */
  get values() {
    const chosen = this.conflicts.map(({ name, chosen: side, ...sides }) => [name, sides[side]]);
    return { ...this.#values, ...Object.fromEntries(chosen) };
  }
}

/** Absent, null and empty say the same to a reader. @param {unknown} one @param {unknown} other */
function same(one, other) {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other));
}

/** @param {unknown} value @returns {unknown} */
function normal(value) {
  if (value === undefined || value === '') return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(normal);
  if (value === null || typeof value !== 'object') return value;
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([name, part]) => [name, normal(part)]);
}
