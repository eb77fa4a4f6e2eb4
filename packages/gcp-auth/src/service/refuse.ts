import { isDecantError } from "@decant/core";
import type { Answer } from "./answer.ts";

/** What goes with a refusal. */
interface RefuseOptions {
  readonly code: string;
  /** What is wrong, and what to do, in sentences. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that refuses, as OAuth words it (RFC 6749 section 5.2). */
export function refuse(status: number, { code, message, headers }: RefuseOptions): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: `${JSON.stringify({ error: code, error_description: message })}\n`,
    error: code,
  };
}

/**
 * The answer to a request whose token could not be got. Clients try again after a 503; other errors
 * of a credential are 502, since libraries of Google blame the scopes of the machine for a 403.
 */
export function refuseForError(error: unknown, retryAfterMs: number): Answer {
  const headers = { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
  // Anything else may hold what clients must not see.
  if (!isDecantError(error)) {
    const message = "The token could not be got, for a reason that only the service knows.";
    return refuse(503, { code: "service_failed", message, headers });
  }
  const { code, hint, kind, retryable } = error;
  const message = hint === undefined ? error.message : `${error.message}. ${hint}`;
  if (retryable) return refuse(503, { code, message, headers });
  return refuse(kind === "usage" || code === "GCP_SCOPE_INVALID" ? 400 : 502, { code, message });
}
