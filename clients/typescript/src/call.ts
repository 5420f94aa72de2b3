import { PairworkError } from "./errors.js";

/** One request as an operation describes it. */
export interface Call {
  method: string;
  path: string;
  /** Whether the request carries the access token. */
  signIn: boolean;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string | undefined>;
  body?: unknown;
}

/** Options of every operation. */
export interface CallOptions {
  /** Cancels the call, its retries and the waits between them. The call then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that each attempt may take. The client's `timeoutMs` if left out. */
  timeoutMs?: number | undefined;
}

/** A path segment with its special characters escaped. Refuses a segment that would lead to another path. */
export function segment(text: string): string {
  if (text === "" || text === "." || text === "..") {
    throw new PairworkError(`${JSON.stringify(text)} cannot be part of a path`);
  }
  return encodeURIComponent(text);
}

/** A new random key: 128 bits as hexadecimal digits. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // `randomUUID` is missing on pages without TLS
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** Every item of a list, from the page at `cursor` to the last one. */
export async function* eachItem<T>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
  cursor: string | undefined,
): AsyncGenerator<T, void, void> {
  for (;;) {
    const page = await read(cursor);
    yield* page.items;
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}
