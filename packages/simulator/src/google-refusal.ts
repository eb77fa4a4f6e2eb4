import type { GoogleFailure } from "./google-options.ts";
import type { Reply } from "./loopback-server.ts";
import { html } from "./reply.ts";

/** An error as the token endpoint words it (RFC 6749, section 5.2). */
export interface GoogleRefusal {
  readonly status: number;
  readonly error: string;
  readonly description?: string;
}

/** Google's own texts. */
export const googleRefusals = {
  noGrantType: missing("grant_type"),
  noAssertion: missing("assertion"),
  malformed: grant("Invalid JWT: Failed to parse the JWT."),
  signature: grant("Invalid JWT Signature."),
  account: grant("Invalid grant: account not found"),
  issuer: grant("Invalid issuer: Not a service account."),
  subject: grant("Invalid email or User ID"),
  clock: grant(
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
  ),
  scope: {
    status: 400,
    error: "invalid_scope",
    description: "Invalid OAuth scope or ID token audience provided.",
  },
  delegation: {
    status: 401,
    error: "unauthorized_client",
    description:
      "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
  },
} as const satisfies Record<string, GoogleRefusal>;

/** The refusal for a wrong `aud`. */
export function wrongAudience(right: string): GoogleRefusal {
  return grant(`Invalid JWT: Failed audience check. The right audience is ${right}`);
}

/** The refusal for another grant than the one that service accounts use. */
export function wrongGrantType(type: string): GoogleRefusal {
  return {
    status: 400,
    error: "unsupported_grant_type",
    description: `Invalid grant_type: ${type}`,
  };
}

/** Writes a refusal. */
export function refusalReply({ status, error, description }: GoogleRefusal): Reply {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    },
    body: JSON.stringify({ error, ...(description ? { error_description: description } : {}) }),
  };
}

/** The answer for a failure that was asked for. */
export function failureReply(failure: GoogleFailure): Reply {
  if (failure === "html") return html(502, { title: "Error 502 (Server Error)!!1" });
  if (failure === "server_error") {
    return refusalReply({
      status: 503,
      error: "internal_failure",
      description: "Backend Error",
    });
  }
  const refusals = {
    invalid_grant_clock: googleRefusals.clock,
    invalid_grant_key: googleRefusals.signature,
    invalid_grant_account: googleRefusals.account,
    unauthorized_client: googleRefusals.delegation,
    invalid_scope: googleRefusals.scope,
  };
  return refusalReply(refusals[failure]);
}

function grant(description: string) {
  return { status: 400, error: "invalid_grant", description };
}

function missing(parameter: string) {
  const description = `Required parameter is missing: ${parameter}`;
  return { status: 400, error: "invalid_request", description };
}
