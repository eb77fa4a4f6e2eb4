import type { Effects } from "./effects.ts";
import type { JsonObject } from "./parse-object.ts";

/** A credential as its file has it, and what is needed to make use of it. */
export interface CredentialFile {
  readonly file: JsonObject;
  /** The name of the file, for messages. */
  readonly source: string;
  /** Whose it is, where its place tells. */
  readonly account?: string | undefined;
  /** The project that calls are counted against, whatever the file says. */
  readonly quotaProject?: string | undefined;
  /** How long tokens live, in seconds, where this can be chosen, whatever the file says. */
  readonly lifetimeSeconds?: number | undefined;
  /** The user to act for, by domain-wide delegation. */
  readonly subject?: string | undefined;
  /** A cloud other than Google's own that the caller trusts, such as `example.goog`. */
  readonly universe?: string | undefined;
  readonly effects: Effects;
}
