/** English and Korean say the same things. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import enRest from '../../../web/words/en.js';
import firstEn from '../../../web/words/en/first.js';
import passkeysEn from '../../../web/words/en/passkeys.js';
import koRest from '../../../web/words/ko.js';
import firstKo from '../../../web/words/ko/first.js';
import passkeysKo from '../../../web/words/ko/passkeys.js';
import { routes } from '../../../web/views/index.js';

const en = { ...enRest, passkeys: passkeysEn };
const ko = { ...koRest, passkeys: passkeysKo };

/** Every path of keys, with the kind of what stands there and the number of its arguments. */
function shapeOf(words, path = '') {
  return Object.entries(words).flatMap(([key, value]) => {
    const here = path ? `${path}.${key}` : key;
    if (typeof value === 'object') return shapeOf(value, here);
    return [typeof value === 'function' ? `${here}(${value.length})` : here];
  }).sort();
}

/** Every sentence that has no gap. */
function sentencesOf(words) {
  return Object.values(words)
    .flatMap((value) => (typeof value === 'object' ? sentencesOf(value) : value))
    .filter((value) => typeof value === 'string');
}

test('both languages have the same keys, with the same gaps', () => {
  assert.deepEqual(shapeOf(ko), shapeOf(en));
});

test('no sentence is empty', () => {
  for (const sentence of [...sentencesOf(en), ...sentencesOf(ko)]) assert.notEqual(sentence.trim(), '');
});

test('no Korean stands in the English words', () => {
  for (const sentence of sentencesOf(en)) assert.doesNotMatch(sentence, /\p{Script=Hangul}/u);
});

test('every rule that the API may name has its sentence', async () => {
  const { readFile } = await import('node:fs/promises');
  const document = JSON.parse(await readFile(new URL('../../../infra/openapi.json', import.meta.url), 'utf8'));
  assert.deepEqual(Object.keys(en.rules).sort(), [...document.components.schemas.Rule.enum].sort());
});

test('the header needs no words but those of the first load', () => {
  const shown = routes.filter(({ menu }) => ['main', 'client', 'freelancer'].includes(menu));
  assert.ok(shown.length >= 6);
  for (const words of [firstEn, firstKo]) {
    for (const { name, label } of shown) assert.ok(label(words), name);
  }
});
