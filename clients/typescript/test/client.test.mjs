import assert from "node:assert/strict";
import { test } from "node:test";
import { etagOf, Pairwork } from "pairwork";
import { wait } from "../dist/retry.js";
import { fakeMarket, problem } from "./fake-market.mjs";

const credentials = { email: "mina@example.com", password: "열려라 참깨 2026" };
/** @param {string} token */
const session = (token) => ({ body: { access_token: token, token_type: "Bearer", expires_in: 3600 } });

test("a problem document becomes an error with all its members", async (t) => {
  const errors = [{ pointer: "/skills/0", code: "too_long", detail: "must be at most 50 characters long" }];
  const document = { title: "Some fields are not acceptable", status: 422, code: "validation_failed" };
  const body = { ...document, detail: "1 field is not acceptable", errors, request_id: "JKJaXmPLvHcESHA=" };
  const { market } = await fakeMarket(t, [{ status: 422, body }]);
  await assert.rejects(market.getHealth(), {
    name: "ProblemError",
    message: "422 validation_failed: 1 field is not acceptable",
    title: "Some fields are not acceptable",
    status: 422,
    code: "validation_failed",
    detail: "1 field is not acceptable",
    errors,
    requestId: "JKJaXmPLvHcESHA=",
    retryAfterMs: undefined,
  });
});

test("an answer of the gateway has a code made of its status and the id of its header", async (t) => {
  const refusal = { status: 403, headers: { "apigw-requestid": "abc=" }, body: { message: "Forbidden" } };
  const { market } = await fakeMarket(t, [refusal]);
  const expected = { code: "http_403", detail: "Forbidden", requestId: "abc=", errors: [] };
  await assert.rejects(market.getHealth(), expected);
});

test("a page of HTML is a problem too, and a success without JSON is an error", async (t) => {
  const { market } = await fakeMarket(t, [{ status: 500, body: "<h1>Oops</h1>" }, { body: "<h1>Hello</h1>" }]);
  await assert.rejects(market.getHealth(), { name: "ProblemError", code: "http_500", title: "Internal Server Error" });
  await assert.rejects(market.getHealth(), { name: "PairworkError", message: /is not JSON/ });
});

test("a redirect is not followed", async (t) => {
  const { market, requests } = await fakeMarket(t, [{ status: 307, headers: { location: "/elsewhere" } }]);
  await assert.rejects(market.signIn(credentials), { name: "ProblemError", status: 307 });
  assert.equal(requests.length, 1);
});

test("an iterator follows the cursors and repeats the parameters", async (t) => {
  const { market, requests } = await fakeMarket(t, [
    { body: { items: [{ id: "a" }, { id: "b" }], next_cursor: "two/2" } },
    { body: { items: [], next_cursor: "three" } },
    { body: { items: [{ id: "c" }], next_cursor: null } },
  ]);
  const ids = [];
  for await (const { id } of market.iterProjects({ skill: "C++ & 한글", limit: 2 })) ids.push(id);
  assert.deepEqual(ids, ["a", "b", "c"]);
  const queries = requests.map((request) => Object.fromEntries(new URL(request.url, "http://x").searchParams));
  const parameters = { skill: "C++ & 한글", limit: "2" };
  const expected = [parameters, { ...parameters, cursor: "two/2" }, { ...parameters, cursor: "three" }];
  assert.deepEqual(queries, expected);
});

test("an iterator reads no page that nobody asks for", async (t) => {
  const { market, requests } = await fakeMarket(t, [{ body: { items: [{ id: "a" }], next_cursor: "more" } }]);
  for await (const { id } of market.iterProjects()) {
    assert.equal(id, "a");
    break;
  }
  assert.equal(requests.length, 1);
});

test("the client signs in before the first call that needs it, and once for concurrent calls", async (t) => {
  const account = { body: { id: "usr_1" } };
  const { market, requests } = await fakeMarket(t, [session("one"), account, account], { credentials });
  await Promise.all([market.getMyAccount(), market.getMyAccount()]);
  assert.deepEqual(requests.map((request) => request.url), ["/sessions", "/accounts/me", "/accounts/me"]);
  assert.equal(requests[0]?.body, JSON.stringify(credentials));
  assert.equal(requests[2]?.headers.authorization, "Bearer one");
});

test("a refused token is renewed once, and the idempotency key stays", async (t) => {
  const steps = [problem(401, "unauthorized"), session("two"), { status: 201, body: { id: "prj_1" } }];
  const { market, requests } = await fakeMarket(t, steps, { credentials, token: "one" });
  await market.postProject({ title: "Payment API", category: "Software", skills: ["Rust"] });
  assert.deepEqual(requests.map((request) => request.url), ["/projects", "/sessions", "/projects"]);
  assert.deepEqual(requests.map((request) => request.headers.authorization), ["Bearer one", undefined, "Bearer two"]);
  assert.equal(requests[0]?.headers["idempotency-key"], requests[2]?.headers["idempotency-key"]);
});

test("a token that is refused twice is an error", async (t) => {
  const steps = [problem(401, "unauthorized"), session("two"), problem(401, "unauthorized")];
  const { market, requests } = await fakeMarket(t, steps, { credentials, token: "one" });
  await assert.rejects(market.getMyAccount(), { status: 401 });
  assert.equal(requests.length, 3);
});

test("wrong credentials are an error, and the next call signs in again", async (t) => {
  const steps = [problem(401, "invalid_credentials"), session("one"), { body: { id: "usr_1" } }];
  const { market } = await fakeMarket(t, steps, { credentials });
  await assert.rejects(market.getMyAccount(), { status: 401, code: "invalid_credentials" });
  assert.equal((await market.getMyAccount()).id, "usr_1");
});

test("a public operation carries no token", async (t) => {
  const { market, requests } = await fakeMarket(t, [{ body: {} }], { token: "one" });
  await market.getHealth();
  assert.equal(requests[0]?.headers.authorization, undefined);
});

test("the ETag of an answer goes back as If-Match", async (t) => {
  const answer = { headers: { etag: '"7"' }, body: { id: "prj_1", title: "Old" } };
  const { market, requests } = await fakeMarket(t, [answer, problem(412, "precondition_failed")], { token: "one" });
  const project = await market.getProject("prj_1");
  const patch = market.patchProject("prj_1", { title: "New" }, { ifMatch: etagOf(project) });
  await assert.rejects(patch, { status: 412, code: "precondition_failed" });
  assert.equal(requests[1]?.headers["if-match"], '"7"');
  assert.throws(() => etagOf({ ...project }), { name: "PairworkError" });
});

test("an answer that has not changed is a problem of its own", async (t) => {
  const { market, requests } = await fakeMarket(t, [{ status: 304 }]);
  await assert.rejects(market.getProject("prj_1", { ifNoneMatch: '"7"' }), { status: 304, code: "not_modified" });
  assert.equal(requests[0]?.headers["if-none-match"], '"7"');
});

test("a cancelled call rejects at once with the signal's reason", { timeout: 5_000 }, async (t) => {
  const { market, requests } = await fakeMarket(t, ["hang"]);
  const controller = new AbortController();
  const call = market.getHealth({ signal: controller.signal });
  while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error("changed my mind"));
  await assert.rejects(call, { message: "changed my mind" });
  assert.equal(requests.length, 1);
});

test("a cancelled call ends its wait between attempts", { timeout: 5_000 }, async (t) => {
  const { market, requests } = await fakeMarket(t, [problem(503, "busy", { "retry-after": "60" })], { wait });
  const controller = new AbortController();
  const call = market.getHealth({ signal: controller.signal });
  while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  setTimeout(() => { controller.abort(new Error("changed my mind")); }, 50);
  await assert.rejects(call, { message: "changed my mind" });
});

test("a call with an aborted signal sends nothing", async (t) => {
  const { market, requests } = await fakeMarket(t, []);
  await assert.rejects(market.getMyAccount({ signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(requests.length, 0);
});

test("a cancelled call does not cancel the sign-in that another call waits for", async (t) => {
  const { market } = await fakeMarket(t, [session("one"), { body: { id: "usr_1" } }], { credentials });
  const controller = new AbortController();
  const cancelled = market.getMyAccount({ signal: controller.signal });
  const other = market.getMyAccount();
  controller.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  assert.equal((await other).id, "usr_1");
});

test("an id cannot lead to another path", async (t) => {
  const { market, requests } = await fakeMarket(t, [{ body: {} }]);
  for (const id of ["", ".", ".."]) assert.throws(() => market.getProject(id), { name: "PairworkError" });
  await market.getProject("../accounts/me?x=1#y");
  assert.deepEqual(requests.map((request) => request.url), ["/projects/..%2Faccounts%2Fme%3Fx%3D1%23y"]);
});

test("a base URL may have a path, and must be a URL", async () => {
  /** @type {unknown[]} */
  const urls = [];
  /** @type {typeof globalThis.fetch} */
  const record = (url) => {
    urls.push(url);
    return Promise.resolve(new Response("{}"));
  };
  await new Pairwork({ baseUrl: "https://example.com/stage/", fetch: record }).getHealth();
  assert.deepEqual(urls, ["https://example.com/stage/health"]);
  assert.throws(() => new Pairwork({ baseUrl: "example.com" }), TypeError);
});
