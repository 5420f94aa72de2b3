import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError, ProblemError } from "pairwork";
import { retryAfterMs } from "../dist/errors.js";
import { retryDelayMs } from "../dist/retry.js";
import { fakeMarket, problem } from "./fake-market.mjs";

const health = { body: { status: "ok", version: "0.1.0" } };
const project = { title: "Payment API", category: "Software", skills: ["Rust"] };

for (const status of [429, 502, 503, 504]) {
  test(`${status} is sent again`, async (t) => {
    const { market, requests, waits } = await fakeMarket(t, [{ status }, { status }, health]);
    assert.equal((await market.getHealth()).status, "ok");
    assert.equal(requests.length, 3);
    assert.deepEqual(waits, [125, 250]);
  });
}

for (const status of [400, 403, 404, 409, 412, 422, 500]) {
  test(`${status} is not sent again`, async (t) => {
    const { market, requests } = await fakeMarket(t, [problem(status, "some_code"), health]);
    await assert.rejects(market.getHealth(), { name: "ProblemError", status, code: "some_code" });
    assert.equal(requests.length, 1);
  });
}

test("the last failure is thrown after the last retry", async (t) => {
  const busy = problem(503, "busy");
  const { market, requests, waits } = await fakeMarket(t, [busy, busy, busy, busy, busy, health]);
  await assert.rejects(market.getHealth(), { name: "ProblemError", status: 503, code: "busy" });
  assert.equal(requests.length, 5);
  assert.deepEqual(waits, [125, 250, 500, 1000]);
});

test("the jitter is full and the backoff has a cap", () => {
  const lost = new NetworkError("lost");
  assert.equal(retryDelayMs(lost, 0, () => 0), 0);
  assert.equal(retryDelayMs(lost, 0, () => 1), 250);
  assert.equal(retryDelayMs(lost, 3, () => 1), 2000);
  assert.equal(retryDelayMs(lost, 30, () => 1), 8000);
});

test("Retry-After is waited for, and the jitter comes on top", async (t) => {
  const { market, waits } = await fakeMarket(t, [problem(503, "busy", { "retry-after": "7" }), health]);
  await market.getHealth();
  assert.deepEqual(waits, [7125]);
});

test("a Retry-After of more than a minute is left to the caller", async (t) => {
  const { market, waits } = await fakeMarket(t, [problem(503, "busy", { "retry-after": "61" }), health]);
  await assert.rejects(market.getHealth(), { status: 503, retryAfterMs: 61_000 });
  assert.deepEqual(waits, []);
});

test("Retry-After holds seconds or a date", () => {
  const now = Date.parse("2026-12-01T09:00:00Z");
  assert.equal(retryAfterMs("3", now), 3000);
  assert.equal(retryAfterMs("Tue, 01 Dec 2026 09:00:05 GMT", now), 5000);
  assert.equal(retryAfterMs("Tue, 01 Dec 2026 08:00:00 GMT", now), 0);
  assert.equal(retryAfterMs("soon", now), undefined);
  assert.equal(retryAfterMs(null, now), undefined);
});

test("a lost connection is sent again with the same idempotency key and body", async (t) => {
  const created = { status: 201, body: { id: "prj_1", ...project } };
  const { market, requests, waits } = await fakeMarket(t, ["lose", problem(503, "busy"), created]);
  assert.equal((await market.postProject(project)).id, "prj_1");
  const keys = requests.map((request) => request.headers["idempotency-key"]);
  assert.match(String(keys[0]), /^[0-9a-f]{32}$/);
  assert.deepEqual(keys, [keys[0], keys[0], keys[0]]);
  assert.deepEqual(new Set(requests.map((request) => request.body)), new Set([JSON.stringify(project)]));
  assert.equal(waits.length, 2);
});

test("each call has an idempotency key of its own, unless the caller gives one", async (t) => {
  const created = { status: 201, body: {} };
  const { market, requests } = await fakeMarket(t, [created, created, created]);
  await market.postProject(project);
  await market.postProject(project);
  await market.postProject(project, { idempotencyKey: "order-17" });
  const keys = requests.map((request) => request.headers["idempotency-key"]);
  assert.equal(new Set(keys).size, 3);
  assert.equal(keys[2], "order-17");
});

test("a repeat that meets its first request in progress is sent again", async (t) => {
  const inProgress = problem(409, "request_in_progress", { "retry-after": "1" });
  const { market, requests, waits } = await fakeMarket(t, ["lose", inProgress, { status: 201, body: {} }]);
  await market.postProject(project);
  assert.equal(requests.length, 3);
  assert.deepEqual(waits, [125, 1250]);
});

test("a connection that is lost every time is a NetworkError with its cause", async (t) => {
  const { market, requests } = await fakeMarket(t, ["lose", "lose"], { maxRetries: 1 });
  const error = await market.getHealth().then(() => undefined, (/** @type {unknown} */ caught) => caught);
  assert.ok(error instanceof NetworkError);
  assert.ok(error.cause instanceof Error);
  assert.equal(requests.length, 2);
});

test("an answer that is cut off is asked for again", async (t) => {
  const { market, requests } = await fakeMarket(t, ["cut", health]);
  assert.equal((await market.getHealth()).status, "ok");
  assert.equal(requests.length, 2);
});

test("an attempt that takes too long is sent again", { timeout: 5_000 }, async (t) => {
  const { market, requests } = await fakeMarket(t, ["hang", health]);
  assert.equal((await market.getHealth({ timeoutMs: 50 })).status, "ok");
  assert.equal(requests.length, 2);
});

test("no answer in time is a NetworkError", async (t) => {
  const { market } = await fakeMarket(t, ["hang"], { maxRetries: 0, timeoutMs: 50 });
  await assert.rejects(market.getHealth(), { name: "NetworkError", message: /No answer within 50 ms/ });
});

test("an error document that is cut short is still a problem", async (t) => {
  const { market } = await fakeMarket(t, [{ status: 413, body: '{"mess' }]);
  await assert.rejects(market.getHealth(), (error) => error instanceof ProblemError && error.code === "http_413");
});
