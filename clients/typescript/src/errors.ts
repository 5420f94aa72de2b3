import type { Violation } from "./types.js";

/** The base of every error that this client throws, except the reason of a signal that cancelled a call. */
export class PairworkError extends Error {
  override name = "PairworkError";
}

/** No answer arrived: the connection was lost or the time ran out. `cause` tells which. */
export class NetworkError extends PairworkError {
  override name = "NetworkError";
}

/** The market refused the request: its `application/problem+json` document as an error. */
export class ProblemError extends PairworkError {
  override name = "ProblemError";
  /** The HTTP status. */
  readonly status: number;
  /** The kind of problem as a stable name. `http_<status>` if the answer was no problem document. */
  readonly code: string;
  /** The kind of problem as a sentence. */
  readonly title: string;
  /** A sentence about this request. */
  readonly detail: string;
  /** The wrong fields of the body, each with its JSON pointer. */
  readonly errors: readonly Violation[];
  /** The id of the request, as the market's log has it. */
  readonly requestId: string | undefined;
  /** The `Retry-After` header in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /** Reads an answer that is not successful. Never throws, whatever the body is. */
  constructor(response: { status: number; statusText: string; headers: Headers }, body: string) {
    const { status, headers } = response;
    const problem = parseObject(body);
    const title = text(problem["title"]) ?? (response.statusText || `HTTP status ${status}`);
    const detail = text(problem["detail"]) ?? text(problem["message"]) ?? title;
    const code = text(problem["code"]) ?? (status === 304 ? "not_modified" : `http_${status}`);
    super(`${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = Array.isArray(problem["errors"]) ? (problem["errors"] as Violation[]) : [];
    this.requestId = text(problem["request_id"]) ?? headers.get("apigw-requestid") ?? undefined;
    this.retryAfterMs = retryAfterMs(headers.get("retry-after"));
  }
}

/** Milliseconds of a `Retry-After` header, which holds seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterMs(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
