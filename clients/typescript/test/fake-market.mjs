// A server that gives prepared answers in turn and records the requests.
import { createServer } from "node:http";
import { Pairwork } from "pairwork";

/** @typedef {{ status?: number, headers?: Record<string, string>, body?: unknown }} Answer */
/**
 * `lose` closes the connection without an answer, `cut` in the middle of one; `hang` never answers.
 * @typedef {Answer | "lose" | "cut" | "hang"} Step
 */
/** @typedef {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders, body: string }} Seen */

/**
 * Starts a server for one test and a client of it that records its waits instead of waiting.
 * @param {import("node:test").TestContext} test
 * @param {Step[]} steps
 * @param {import("pairwork").PairworkOptions} [options]
 */
export async function fakeMarket(test, steps, options = {}) {
  /** @type {Seen[]} */
  const requests = [];
  /** @type {number[]} */
  const waits = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (/** @type {string} */ chunk) => (body += chunk));
    request.on("end", () => {
      requests.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      const step = steps[requests.length - 1] ?? { status: 500, body: { code: "unexpected_request" } };
      if (step === "hang") return;
      if (step === "cut") {
        response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
        response.write('{"status":', () => request.socket.destroy());
        return;
      }
      if (step === "lose") {
        request.socket.destroy();
        return;
      }
      response.writeHead(step.status ?? 200, { "content-type": "application/json", ...step.headers });
      response.end(typeof step.body === "string" ? step.body : JSON.stringify(step.body ?? {}));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => { resolve(undefined); }));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const market = new Pairwork({
    baseUrl: `http://127.0.0.1:${address.port}/`,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    ...options,
  });
  return { market, requests, waits };
}

/**
 * A problem document as the market sends it.
 * @param {number} status
 * @param {string} code
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
export function problem(status, code, headers = {}) {
  return {
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: { type: `https://pairwork.dev/problems/${code}`, title: "A title", status, code, detail: "A detail." },
  };
}
