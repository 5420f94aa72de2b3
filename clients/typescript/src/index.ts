/** A client of the Pairwork talent market. */
export type { CallOptions } from "./call.js";
export { Pairwork, type PairworkOptions } from "./client.js";
export { NetworkError, PairworkError, ProblemError } from "./errors.js";
export { etagOf } from "./etag.js";
export { API_VERSION } from "./operations.js";
export type * from "./operations.js";
export type * from "./types.js";
