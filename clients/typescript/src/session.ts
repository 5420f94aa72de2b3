/** Holds the access token. Concurrent calls share one sign-in. */
export class Session {
  #token: Promise<string> | undefined;
  readonly #signIn: (() => Promise<string>) | undefined;

  constructor(token: string | undefined, signIn: (() => Promise<string>) | undefined) {
    this.#token = token === undefined ? undefined : Promise.resolve(token);
    this.#signIn = signIn;
  }

  /** The token, signing in first if need be; undefined if there is neither a token nor credentials. */
  async token(): Promise<string | undefined> {
    if (this.#token === undefined && this.#signIn !== undefined) this.#renew(this.#signIn);
    return this.#token;
  }

  /** A token other than `refused`, which the market answered with 401; undefined without credentials. */
  async renewed(refused: string): Promise<string | undefined> {
    if (this.#signIn === undefined) return undefined;
    const held = this.#token;
    // Another call may have signed in since; its token is as good as a new one.
    if (held !== undefined && (await held) !== refused) return held;
    if (this.#token === held) this.#renew(this.#signIn);
    return this.#token;
  }

  #renew(signIn: () => Promise<string>): void {
    const token = signIn();
    this.#token = token;
    token.catch(() => {
      if (this.#token === token) this.#token = undefined; // the next call tries again
    });
  }
}
