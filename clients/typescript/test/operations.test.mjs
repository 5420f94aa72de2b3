// Compares the client with the OpenAPI document, read here independently of clients/generator.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { API_VERSION } from "pairwork";
import { Operations } from "../dist/operations.js";
import { fakeMarket } from "./fake-market.mjs";

/** @typedef {{ name: string, in: string }} Parameter */
/** @typedef {Record<string, (...values: unknown[]) => Promise<unknown>>} Methods */
/**
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {unknown} [security]
 * @property {Parameter[]} [parameters]
 * @property {unknown} [requestBody]
 * @property {Record<string, unknown>} responses
 */

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
async function readJson(path) {
  /** @type {unknown} */
  const value = JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
  return value;
}

const document = /** @type {{ info: { version: string }, paths: Record<string, Record<string, Operation>> }} */ (
  await readJson("../../../infra/openapi.json")
);
const manifest = /** @type {{ version: string }} */ (await readJson("../package.json"));
// An operation that only sends a browser elsewhere is for no program.
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation }))
    .filter(({ responses }) => Object.keys(responses).some((status) => status.startsWith("2"))),
);
// Its answer is one document in parts, and no list.
const IN_PARTS = "export_my_account";

/** @param {string} name */
const camel = (name) => name.toLowerCase().replace(/[-_](\w)/g, (_, letter) => String(letter).toUpperCase());

test("the client has every operation of the document and no other", () => {
  const methods = Object.getOwnPropertyNames(Operations.prototype).filter((name) => name !== "constructor");
  const listed = methods.filter((name) => !name.startsWith("iter"));
  assert.deepEqual(listed.sort(), operations.map((operation) => camel(operation.operationId)).sort());
  const paged = operations.filter(({ parameters }) => parameters?.some(({ name }) => name === "cursor"));
  const pages = paged.filter(({ operationId }) => operationId !== IN_PARTS);
  assert.equal(paged.length, pages.length + 1);
  assert.equal(methods.length - listed.length, pages.length);
  assert.ok(pages.length >= 5);
});

for (const { operationId, path, method, parameters = [], security, requestBody } of operations) {
  test(`${operationId} sends what the document says`, async (t) => {
    const { market, requests } = await fakeMarket(t, [{ body: {} }], { token: "one" });
    const named = parameters.filter((parameter) => parameter.in !== "path");
    const values = Object.fromEntries(named.map(({ name }) => [camel(name), `value-of-${camel(name)}`]));
    const ids = parameters.filter((parameter) => parameter.in === "path").map(({ name }) => `the ${name}`);
    const body = { some: "body" };
    const methods = /** @type {Methods} */ (/** @type {unknown} */ (market));
    await methods[camel(operationId)]?.(...ids, ...(requestBody ? [body] : []), values);

    const [request] = requests;
    assert.ok(request);
    const url = new URL(request.url, "http://x");
    assert.equal(request.method, method);
    assert.equal(url.pathname, path.replace(/{(\w+)}/g, "the%20$1"));
    assert.equal(request.headers.authorization, security ? "Bearer one" : undefined);
    assert.equal(request.body, requestBody ? JSON.stringify(body) : "");
    assert.equal(request.headers["content-type"], requestBody ? "application/json" : undefined);
    const queries = named.filter((parameter) => parameter.in === "query");
    assert.deepEqual(
      Object.fromEntries(url.searchParams),
      Object.fromEntries(queries.map(({ name }) => [name, values[camel(name)]])),
    );
    for (const { name } of named.filter((parameter) => parameter.in === "header")) {
      assert.equal(request.headers[name.toLowerCase()], values[camel(name)]);
    }
  });
}

test("the package has the version of the document", () => {
  assert.equal(API_VERSION, document.info.version);
  assert.equal(manifest.version, document.info.version);
});
