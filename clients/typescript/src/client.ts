import type { Call, CallOptions } from "./call.js";
import { NetworkError, PairworkError, ProblemError } from "./errors.js";
import { rememberEtag } from "./etag.js";
import { Operations } from "./operations.js";
import { retryDelayMs, unlessAborted, wait } from "./retry.js";
import { Session } from "./session.js";
import type { SignInInput } from "./types.js";

const LOCAL_MARKET = "http://127.0.0.1:8080";

/** Options of a client. All may be left out. */
export interface PairworkOptions {
  /** The market. If left out: the environment variable `PAIRWORK_URL`, else the local market. */
  baseUrl?: string | undefined;
  /** Signs in before the first call that needs it, and once more when the market refuses the token. */
  credentials?: SignInInput | undefined;
  /** An access token to begin with. */
  token?: string | undefined;
  /** Milliseconds that each attempt of a call may take: 30,000 if left out. */
  timeoutMs?: number | undefined;
  /** How often a call is sent again after a failure: 4 times if left out. */
  maxRetries?: number | undefined;
  /** Sends the requests: the global `fetch` if left out. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Waits between attempts. For tests. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** A number from 0 to 1 for the jitter. For tests. */
  random?: (() => number) | undefined;
}

/** A client of one market. It may be shared by concurrent calls. */
export class Pairwork extends Operations {
  readonly #baseUrl: string;
  readonly #session: Session;
  readonly #timeoutMs: number;
  readonly #maxRetries: number;
  readonly #fetch: typeof globalThis.fetch;
  readonly #wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #random: () => number;

  constructor(options: PairworkOptions = {}) {
    super();
    this.#baseUrl = new URL(options.baseUrl ?? environmentUrl() ?? LOCAL_MARKET).href.replace(/\/+$/, "");
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#maxRetries = options.maxRetries ?? 4;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#wait = options.wait ?? wait;
    this.#random = options.random ?? Math.random;
    const { credentials } = options;
    const signIn = credentials && (async () => (await this.signIn(credentials)).access_token);
    this.#session = new Session(options.token, signIn);
  }

  protected override async call<T>(call: Call, options: CallOptions): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const url = this.#url(call);
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    const token = call.signIn ? await unlessAborted(this.#session.token(), signal) : undefined;
    try {
      return await this.#retry<T>(call, url, body, token, options);
    } catch (error) {
      if (token === undefined || !(error instanceof ProblemError) || error.status !== 401) throw error;
      const renewed = await unlessAborted(this.#session.renewed(token), signal);
      if (renewed === undefined) throw error;
      return this.#retry<T>(call, url, body, renewed, options);
    }
  }

  async #retry<T>(
    call: Call,
    url: string,
    body: string | null,
    token: string | undefined,
    options: CallOptions,
  ): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.#attempt<T>(url, { method: call.method, headers: headersOf(call, token), body }, options);
      } catch (error) {
        const delay = failures < this.#maxRetries ? retryDelayMs(error, failures, this.#random) : undefined;
        if (delay === undefined) throw error;
        await this.#wait(delay, options.signal);
      }
    }
  }

  async #attempt<T>(url: string, init: RequestInit, options: CallOptions): Promise<T> {
    const { signal } = options;
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const attempt = new AbortController();
    const cancel = (): void => {
      attempt.abort(signal?.reason);
    };
    const timer = setTimeout(() => {
      attempt.abort(new DOMException(`No answer within ${timeoutMs} ms`, "TimeoutError"));
    }, timeoutMs);
    signal?.addEventListener("abort", cancel);
    let response: Response;
    let text: string;
    try {
      signal?.throwIfAborted();
      // The API never redirects, and following one could send the body to a stranger.
      response = await this.#fetch(url, { ...init, signal: attempt.signal, redirect: "manual" });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      const reason: unknown = attempt.signal.aborted ? attempt.signal.reason : cause;
      throw new NetworkError(`${init.method ?? ""} ${url}: ${message(reason)}`, { cause: reason });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
    if (!response.ok) throw new ProblemError(response, text);
    return decode(response, text) as T;
  }

  #url(call: Call): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) query.set(name, String(value));
    }
    const text = query.toString();
    return this.#baseUrl + call.path + (text === "" ? "" : `?${text}`);
  }
}

function headersOf(call: Call, token: string | undefined): Headers {
  const headers = new Headers({ accept: "application/json" });
  if (call.body !== undefined) headers.set("content-type", "application/json");
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

function decode(response: Response, text: string): unknown {
  if (text === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PairworkError(`The answer with status ${response.status} is not JSON`, { cause });
  }
  rememberEtag(value, response.headers.get("etag"));
  return value;
}

function message(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function environmentUrl(): string | undefined {
  // Browsers have no `process`. An empty variable counts as none.
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const url = process?.env?.["PAIRWORK_URL"];
  return url === "" ? undefined : url;
}
