/** The types of `core/api.js`, worked out from the generated `paths`. */
import type { components, paths } from './types.js';

/** A record of the API by its name in the OpenAPI document: `Schema<'Project'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have a method: `PathsOf<'get'>`. */
export type PathsOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends { responses: unknown } ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;

type JsonOf<Reply> = Reply extends { content: { 'application/json': infer Body } } ? Body : never;

/** The body of the good reply. */
export type ReplyBody<P extends keyof paths, M extends Method> = Operation<P, M> extends { responses: infer Replies }
  ? JsonOf<Replies[(200 | 201 | 202) & keyof Replies]>
  : never;

/** The body to send. */
export type RequestBody<P extends keyof paths, M extends Method> = Operation<P, M> extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : undefined;

type QueryOf<P extends keyof paths, M extends Method> = Operation<P, M> extends { parameters: { query?: infer Query } }
  ? NonNullable<Query>
  : never;

type PathParametersOf<P extends keyof paths, M extends Method> = Operation<P, M> extends {
  parameters: { path: infer Parameters };
}
  ? { path: Parameters }
  : { path?: undefined };

/** What a call may be given beside its path and its body. */
export type CallOptions<P extends keyof paths, M extends Method> = PathParametersOf<P, M> & {
  /** Empty values (`''`, `null`, `undefined`) are left out. */
  query?: { [Name in keyof QueryOf<P, M>]?: QueryOf<P, M>[Name] | '' | null };
  /** Ends the call, for example when its view leaves the page. */
  signal?: AbortSignal;
  /** The `ETag` that a change is based on. */
  ifMatch?: string | null;
  /** `*` writes only if nothing is stored yet. */
  ifNoneMatch?: string | null;
  /** The `Idempotency-Key` of a POST. Without one, each call makes its own and keeps it over its retries. */
  idempotencyKey?: string;
  /** An access token for this call alone, instead of the session's. */
  token?: string;
  /** The call outlives its page. */
  keepalive?: boolean;
};

/** A good reply. */
export interface Reply<Body> {
  status: number;
  body: Body;
  /** The version of the record, to be sent back as `ifMatch`. */
  etag: string | null;
}
