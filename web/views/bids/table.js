/**
 * Reads a table out of pasted text: cells copied from a spreadsheet (tabs), CSV (RFC 4180, also with
 * semicolons or bars), or JSON.
 */
import { minorUnits } from '../../core/format.js';

/** @typedef {{ names: string[] | null, rows: string[][] }} Table `names` is null where the text itself has none. */

/**
 * @param {string} text
 * @returns {Table | null} null if there is nothing in it.
 */
export function readTable(text) {
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trim() === '') return null;
  const records = readJson(plain);
  if (records) return tableOf(records);
  const rows = readLines(plain, delimiterOf(plain));
  return rows.length > 0 ? { names: null, rows } : null;
}

/**
 * A tab if the first line has one, since spreadsheets copy tabs; or else the mark that it has most of.
 *
 * @param {string} text
 */
function delimiterOf(text) {
  const line = text.split(/\r?\n/, 1)[0].replace(/"(?:[^"]|"")*"/g, '');
  const count = (/** @type {string} */ mark) => line.split(mark).length - 1;
  if (line.includes('\t')) return '\t';
  return [';', '|', ','].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
}

/**
 * Lines of cells. A quoted cell may hold the delimiter, line breaks and doubled quotes.
 *
 * @param {string} text
 * @param {string} delimiter
 * @returns {string[][]}
 */
function readLines(text, delimiter) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.some((value) => value !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (letter === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (letter === delimiter) endCell();
    else if (letter === '\n') endRow();
    else if (letter !== '\r') cell += letter;
  }
  endRow();
  return rows;
}

/** @param {string} text @returns {Record<string, unknown>[] | null} */
function readJson(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    const value = JSON.parse(text);
    const items = Array.isArray(value) ? value : (value.bids ?? value.items ?? [value]);
    return Array.isArray(items) ? items.filter((item) => typeof item === 'object' && item !== null) : null;
  } catch {
    return null;
  }
}

/** @param {Record<string, unknown>[]} records @returns {Table | null} */
function tableOf(records) {
  // A bid of the API holds its freelancer in a member; a flat record is a freelancer with a message.
  const flat = records.map(({ freelancer, ...bid }) => ({ .../** @type {object} */ (freelancer ?? {}), ...bid }));
  const names = [...new Set(flat.flatMap((record) => Object.keys(record)))];
  if (names.length === 0) return null;
  return { names, rows: flat.map((record) => names.map((name) => cellOf(/** @type {any} */ (record)[name]))) };
}

/** @param {any} value @returns {string} */
function cellOf(value) {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cellOf).join(', ');
  if (typeof value !== 'object') return String(value);
  if (typeof value.amount !== 'number' || !/^[A-Z]{3}$/.test(value.currency)) return JSON.stringify(value);
  return `${value.amount / minorUnits(value.currency)} ${value.currency}`;
}
