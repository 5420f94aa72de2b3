// Runs against the market at PAIRWORK_URL with its sample accounts: `pairwork up --demo`.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { etagOf, Pairwork } from "pairwork";

assert.ok(process.env["PAIRWORK_URL"], "PAIRWORK_URL must name a running market");
const demo = { email: "demo@pairwork.example", password: "pairwork-demo" };
const project = { title: "Payment API", category: "Software", skills: ["Rust"] };

test("the example prints matches", async () => {
  const file = fileURLToPath(new URL("../../examples/matches.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  const lines = stdout.trimEnd().split("\n");
  assert.ok(lines.length >= 3, stdout);
  for (const line of lines) assert.match(line, /^0\.\d{3} .+ – .+$/);
});

test("a newcomer registers, signs in, puts a profile and reads matches", async () => {
  const credentials = { email: `ts-${crypto.randomUUID()}@example.com`, password: "열려라 참깨 2026" };
  const account = await new Pairwork().register({ ...credentials, display_name: "김민아" });
  assert.ok(account, "this market opens accounts at once");
  const market = new Pairwork({ credentials });
  assert.equal((await market.getMyAccount()).id, account.id);
  const profile = { headline: "Payments in Rust", category: "Software", skills: ["Rust", "DynamoDB"] };
  const first = await market.putMyFreelancer(profile, { ifNoneMatch: "*" });
  await assert.rejects(market.putMyFreelancer(profile, { ifNoneMatch: "*" }), { status: 412 });
  await market.putMyFreelancer({ ...profile, bio: "Ten years" }, { ifMatch: etagOf(first) });
  await assert.rejects(market.putMyFreelancer(profile, { ifMatch: etagOf(first) }), { status: 412 });
  const page = await market.listMyMatches({ limit: 1, acceptLanguage: "ko" });
  assert.equal(page.freelancer_id, account.id);
  await assert.rejects(market.register({ ...credentials, display_name: "x" }), { status: 409, code: "email_taken" });
});

test("an idempotency key creates one project, and an unchanged project answers 304", async () => {
  const market = new Pairwork({ credentials: demo });
  const idempotencyKey = crypto.randomUUID();
  const first = await market.postProject(project, { idempotencyKey });
  const second = await market.postProject(project, { idempotencyKey });
  assert.equal(second.id, first.id);
  const read = await market.getProject(first.id);
  await assert.rejects(market.getProject(first.id, { ifNoneMatch: etagOf(read) }), { code: "not_modified" });
  const closed = await market.patchProject(first.id, { status: "closed" }, { ifMatch: etagOf(read) });
  assert.equal(closed.status, "closed");
});

test("an iterator reads every freelancer over many pages", async () => {
  const market = new Pairwork();
  const ids = new Set();
  for await (const { id } of market.iterFreelancers({ limit: 37 })) ids.add(id);
  assert.ok(ids.size >= 200, `${ids.size}`);
});

test("wrong fields come with their pointers, and a wrong token with 401", async () => {
  const market = new Pairwork({ credentials: demo });
  await assert.rejects(market.postProject({ ...project, skills: ["Rust", "x".repeat(51)] }), (error) => {
    const { status, code, errors, requestId } = /** @type {import("pairwork").ProblemError} */ (error);
    assert.deepEqual([status, code, errors.length], [422, "validation_failed", 1]);
    assert.deepEqual([errors[0]?.pointer, errors[0]?.code], ["/skills/1", "too_long"]);
    assert.ok(requestId);
    return true;
  });
  await assert.rejects(new Pairwork({ token: "x" }).getMyAccount(), { status: 401, code: "unauthorized" });
  const renewing = new Pairwork({ token: "x", credentials: demo });
  assert.equal((await renewing.getMyAccount()).email, demo.email);
});
