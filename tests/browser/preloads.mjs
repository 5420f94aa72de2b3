/**
 * The modules of the first load, which index.html asks for beforehand: what app.js, start.js and the home page import.
 * Without them a browser would find the modules one level after the other.
 *
 * `npm run preloads` writes them into index.html; a unit test compares.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const web = path.join(import.meta.dirname, '../../web');
const index = path.join(web, 'index.html');
const ROOTS = ['app.js', 'start.js', 'views/home/view.js'];
const LINE = /^ *<link rel="modulepreload" href="[^"]*">\n/gm;

/** Every module that the roots import, not counting imports on demand. */
async function closure() {
  const found = new Set(ROOTS);
  for (const name of found) {
    const source = await readFile(path.join(web, name), 'utf8');
    for (const [, target] of source.matchAll(/^(?:import|export)\s(?:[^'"]*\sfrom\s)?['"](\.[^'"]+)['"]/gm)) {
      found.add(path.posix.join(path.posix.dirname(name), target));
    }
  }
  return [...found].sort();
}

/** index.html as it should be, and as it is. */
export async function documents() {
  const present = await readFile(index, 'utf8');
  const lines = (await closure()).filter((name) => name !== 'app.js')
    .map((name) => `    <link rel="modulepreload" href="/web/${name}">\n`).join('');
  const anchor = '    <script type="module" src="/web/app.js"></script>\n';
  const wanted = present.replace(LINE, '').replace(anchor, anchor + lines);
  return { present, wanted };
}

if (process.argv[1] === import.meta.filename) await writeFile(index, (await documents()).wanted);
