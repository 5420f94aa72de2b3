import { NetworkError, ProblemError } from "./errors.js";

const STATUSES = new Set([429, 502, 503, 504]);
const BASE_MS = 250;
const CAP_MS = 8_000;
/** A longer `Retry-After` is the caller's to wait for. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Milliseconds to wait after failure number `failures`, from 0; undefined if the call must not be sent again.
 *
 * Every operation may be sent again: one that creates carries an idempotency key, and the others have the same
 * effect however often they arrive. While the market still handles the first request, it answers the second with
 * `request_in_progress`. The wait is exponential with full jitter, on top of the `Retry-After` of the answer.
 */
export function retryDelayMs(error: unknown, failures: number, random: () => number): number | undefined {
  let retryAfter = 0;
  if (error instanceof ProblemError) {
    if (!STATUSES.has(error.status) && error.code !== "request_in_progress") return undefined;
    retryAfter = error.retryAfterMs ?? 0;
    if (retryAfter > LONGEST_RETRY_AFTER_MS) return undefined;
  } else if (!(error instanceof NetworkError)) {
    return undefined;
  }
  return retryAfter + random() * Math.min(CAP_MS, BASE_MS * 2 ** failures);
}

/** Waits, or rejects with the signal's reason once it is aborted. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await unlessAborted(elapsed, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The promise, or a rejection with the signal's reason if that comes first. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
