/** The page's calls agree with the description of the API. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const address = new URL('../../../infra/openapi.json', import.meta.url);
const { paths } = JSON.parse(await readFile(address, 'utf8'));
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The operations that need no session. */
function openOperations() {
  return Object.entries(paths).flatMap(([path, operations]) => METHODS
    .filter((method) => operations[method] && !operations[method].security?.length)
    .map((method) => `${method.toUpperCase()} ${path}`));
}

test('the calls that do not wait for a session are those that need none', async () => {
  const source = await readFile(new URL('../../../web/core/api.js', import.meta.url), 'utf8');
  const [, list] = source.match(/OPEN_CALLS = new Set\(\[([^\]]*)\]/);
  const named = [...list.matchAll(/'([^']+)'/g)].map((match) => match[1]);
  assert.deepEqual(named.sort(), openOperations().sort());
});
