/** What a token is asked for. */
export interface TokenRequest {
  /** Full scope names. Absent: the provider's own default. */
  readonly scopes?: readonly string[];
  /** Whom the token is for, where the provider knows audiences. */
  readonly audience?: string;
  /** How long it must still live, in milliseconds. A token without an end lives long enough. */
  readonly minTtlMs?: number;
  readonly signal?: AbortSignal;
}

/** A token and what is known of it. */
export interface Token {
  readonly value: string;
  /** How it is presented, such as `Bearer`. */
  readonly type: string;
  /** When it ends. Absent: it does not, or nobody says when, as with a token of long life. */
  readonly expiresAt?: Date;
  readonly scopes?: readonly string[];
  /** Whom it stands for, such as the e-mail address of a service account. */
  readonly principal?: string;
}

/** What an identity token is asked for. */
export interface IdTokenRequest {
  /** Whom the token is for: the `aud` claim, such as the address of a service. */
  readonly audience: string;
  /** Whether the claims tell of the machine too, where the provider knows. @default {"standard"} */
  readonly format?: "standard" | "full";
  /** Whether a full token names the licences of the machine. @default {false} */
  readonly licenses?: boolean;
  /** How long it must still live, in milliseconds. */
  readonly minTtlMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * What is known of a credential without asking anybody: plain data, to be shown to people or written
 * as JSON. It never holds a secret.
 */
export interface Explanation {
  /** What kind of credential it is, such as `service_account`. */
  readonly kind: string;
  /** Where it was found: the path of a file, or the address of a server. */
  readonly source: string;
  /** Why this one was taken, as a clause: `GOOGLE_APPLICATION_CREDENTIALS names it`. */
  readonly reason: string;
  /** Where else was looked before, in order, and what was there. */
  readonly considered: readonly { readonly source: string; readonly state: string }[];
  /** Whom its tokens stand for. Absent: only the server knows. */
  readonly principal?: string;
  /** The scopes of a token when a request names none. */
  readonly scopes?: readonly string[];
  readonly project?: string;
  /** The project that calls are counted against. */
  readonly quotaProject?: string;
  /** The cloud that it belongs to, such as `googleapis.com`. */
  readonly universe?: string;
  /** What would be asked for a token, in order: addresses without a query, or a command. */
  readonly endpoints: readonly string[];
  /** Sentences about what may surprise. */
  readonly warnings: readonly string[];
}

/**
 * Something that hands out tokens.
 *
 * @example
 * ```ts
 * import type { TokenProvider } from "@decant/core";
 *
 * async function authorize(provider: TokenProvider, request: Request): Promise<void> {
 *   const token = await provider.getToken({ minTtlMs: 60_000 });
 *   request.headers.set("authorization", `${token.type} ${token.value}`);
 * }
 * ```
 */
export interface TokenProvider {
  readonly name: string;
  /**
   * Everything of the credential that shapes its tokens, as one text without secrets: equal texts,
   * equal tokens. A key for caches. Absent: the tokens must not outlive the provider.
   */
  readonly identity?: string;
  /**
   * @throws {DecantError} of kind `credentials` when there is none or it is refused, and with
   * `retryable` set when the service could not be reached.
   */
  getToken(request: TokenRequest): Promise<Token>;
  /**
   * Gets an identity token: a JWT that tells the audience who calls. Absent: there are none.
   *
   * @throws {DecantError} as `getToken` does, and of kind `usage` where this credential has no
   * identity token for the audience.
   */
  getIdToken?(request: IdTokenRequest): Promise<Token>;
  /** Tells what is known of the credential, without asking anybody. */
  explain?(): Promise<Explanation>;
  /**
   * Takes the credential back, so that it gets no more tokens. Absent: it cannot be.
   *
   * @throws {DecantError} as `getToken` does, and of kind `usage` where this credential cannot be
   * taken back: the hint says what to do instead.
   */
  revoke?(options: { readonly signal?: AbortSignal }): Promise<void>;
}
