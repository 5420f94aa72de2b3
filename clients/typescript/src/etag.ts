import { PairworkError } from "./errors.js";

const etags = new WeakMap<object, string>();

/** Remembers the `ETag` of an answer beside its value. */
export function rememberEtag(value: unknown, etag: string | null): void {
  if (etag !== null && typeof value === "object" && value !== null) etags.set(value, etag);
}

/**
 * The `ETag` that the market sent with a value, to be given as `ifMatch`.
 *
 * Throws for a value that no operation returned with an `ETag`: a copy of an answer has none either.
 */
export function etagOf(value: object): string {
  const etag = etags.get(value);
  if (etag === undefined) throw new PairworkError("The market sent no ETag with this value");
  return etag;
}
