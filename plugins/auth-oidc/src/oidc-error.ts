import { DecantError, type ErrorKind } from "@decant/core";

/** What {@linkcode oidcError} says. */
export interface Flaw {
  readonly code: string;
  /** What could not be done. @default {"get a token of"} */
  readonly action?: string;
  /** What is wrong, to stand after the colon. */
  readonly state: string;
  readonly hint: string;
  /** @default {"credentials"} */
  readonly kind?: ErrorKind;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
}

/**
 * An error about a server or a file. It never has a cause: those of requests and parsers quote from
 * what they were given.
 */
export function oidcError(subject: string, flaw: Flaw): DecantError {
  const { code, action = "get a token of", state, hint, kind = "credentials" } = flaw;
  const { retryable = false, retryAfterMs } = flaw;
  return new DecantError(code, `Cannot ${action} "${subject}": ${state}`, {
    ...{ kind, hint, retryable },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
