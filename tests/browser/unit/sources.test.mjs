/** What no file of the page may contain. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { documents } from '../preloads.mjs';

const web = path.join(import.meta.dirname, '../../../web');
const names = (await readdir(web, { recursive: true })).filter((name) => /\.(js|html|css|d\.ts|json|svg)$/.test(name));
const files = new Map();
for (const name of names) files.set(name, await readFile(path.join(web, name), 'utf8'));

const FORBIDDEN = [
  'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'createContextualFragment',
  'DOMParser', 'document.write', 'new Function', 'javascript:',
];

test('there are files to look at', () => assert.ok(files.size > 30));

for (const word of FORBIDDEN) {
  test(`no file contains ${word}`, () => {
    assert.deepEqual([...files].filter(([, text]) => text.includes(word)).map(([name]) => name), []);
  });
}

test('no script evaluates text', () => {
  assert.deepEqual([...files].filter(([, text]) => /\beval\b/.test(text)).map(([name]) => name), []);
});

test('the document has no inline script, style or handler, and loads nothing from elsewhere', () => {
  const html = files.get('index.html');
  assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|https?:/);
  assert.deepEqual([...html.matchAll(/<script[^>]*>([^<]*)/g)].map((match) => match[1].trim()), ['']);
});

test('no style sheet loads anything from elsewhere', () => {
  for (const [name, text] of files) if (name.endsWith('.css')) assert.doesNotMatch(text, /@import|https?:/, name);
});

test('no file needs scrolling to know what it is for', () => {
  for (const [name, text] of files) {
    if (!name.endsWith('.js')) continue;
    assert.match(text, /^\/\*\*/, `${name} begins with what it is for`);
    assert.ok(text.split('\n').length <= 260, `${name} is short`);
  }
});

test('no line is longer than 120 characters', () => {
  const long = [];
  for (const [name, text] of files) {
    // Generated types and the strokes of pictures are not read.
    if (name === 'api/types.d.ts' || name === 'components/icon.js') continue;
    for (const [index, line] of text.split('\n').entries()) if (line.length > 120) long.push(`${name}:${index + 1}`);
  }
  assert.deepEqual(long, []);
});

test('index.html asks beforehand for the modules of the first load (`npm run preloads` writes them)', async () => {
  const { present, wanted } = await documents();
  assert.equal(present, wanted);
});
