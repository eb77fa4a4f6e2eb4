import type { IdTokenRequest } from "@decant/core";
import type { ExpiringToken } from "./parse-token.ts";

/** What an identity token is asked for, of a credential. */
export type IdTokenOptions = Pick<IdTokenRequest, "audience" | "format" | "licenses">;

/**
 * A credential of any kind: what is known of it, and how tokens are got with it.
 * `credentialProvider` makes a provider of it.
 */
export interface Credential {
  /** Its `type` in a file, or `metadata_server`. */
  readonly kind: string;
  /** Whom its tokens stand for, where this is known without asking. */
  readonly principal?: string | undefined;
  readonly project?: string | undefined;
  readonly quotaProject?: string | undefined;
  /** Absent: only the server knows. */
  readonly universe?: string | undefined;
  /** What a token has when nobody says. Empty: the server decides. */
  readonly defaultScopes: readonly string[];
  /**
   * All that shapes its tokens, without secrets. Absent: it depends on where and when it is used, so
   * that its tokens must not be kept beyond the process.
   */
  readonly identity?: readonly unknown[] | undefined;
  /** Whether it can be chosen how long a token lives. @default {false} */
  readonly hasLifetime?: boolean;
  /** What is asked for a token, in order. */
  readonly endpoints: readonly string[];
  readonly warnings: readonly string[];
  mint(scopes: readonly string[], signal: AbortSignal): Promise<ExpiringToken>;
  /** Absent: there are no identity tokens of this kind. */
  mintIdToken?(options: IdTokenOptions, signal: AbortSignal): Promise<ExpiringToken>;
  /** Absent: it cannot be taken back. */
  revoke?(signal: AbortSignal): Promise<void>;
}
