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
   * @throws {DecantError} of kind `credentials` when there is none or it is refused, and with
   * `retryable` set when the service could not be reached.
   */
  getToken(request: TokenRequest): Promise<Token>;
}
