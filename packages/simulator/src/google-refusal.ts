import type { Reply } from "./loopback-server.ts";
import type { Refusal } from "./reply.ts";

/** An error as OAuth endpoints word it (RFC 6749, section 5.2). */
export interface GoogleRefusal {
  readonly status: number;
  readonly error: string;
  readonly description?: string;
  /** Google's own addition, such as `invalid_rapt`. */
  readonly subtype?: string;
  readonly uri?: string;
}

/** Google's own texts. */
export const googleRefusals = {
  noGrantType: missing("grant_type"),
  noAssertion: missing("assertion"),
  noRefreshToken: missing("refresh_token"),
  noClient: invalidRequest("Could not determine client ID from request."),
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
  userScope: { status: 400, error: "invalid_scope", description: "Bad Request" },
  delegation: {
    status: 401,
    error: "unauthorized_client",
    description:
      "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
  },
  client: { status: 401, error: "invalid_client", description: "The OAuth client was not found." },
  secret: {
    status: 401,
    error: "invalid_client",
    description: "The provided client secret is invalid.",
  },
  wrongToken: grant("Bad Request"),
  token: grant("Token has been expired or revoked."),
  rapt: {
    ...grant("reauth related error (invalid_rapt)"),
    subtype: "invalid_rapt",
    uri: "https://support.google.com/a/answer/9368756",
  },
  target: {
    status: 400,
    error: "invalid_target",
    description:
      'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
  },
  revocation: { status: 400, error: "invalid_token", description: "Token expired or revoked" },
} as const satisfies Record<string, GoogleRefusal>;

/** The refusal for a wrong `aud`. */
export function wrongAudience(right: string): GoogleRefusal {
  return grant(`Invalid JWT: Failed audience check. The right audience is ${right}`);
}

/** The refusal for a grant that the endpoint does not know. */
export function wrongGrantType(type: string): GoogleRefusal {
  return {
    status: 400,
    error: "unsupported_grant_type",
    description: `Invalid grant_type: ${type}`,
  };
}

/** A refusal of the grant, for one more reason. */
export function grant(description: string) {
  return { status: 400, error: "invalid_grant", description } as const;
}

/** A refusal of the form of a request. */
export function invalidRequest(description: string) {
  return { status: 400, error: "invalid_request", description } as const;
}

/** Ends a request early: handlers throw what this returns. */
export function refuseGrant(refusal: GoogleRefusal): Refusal {
  return { refusal: refusalReply(refusal) };
}

/** Writes a refusal. */
export function refusalReply({ status, error, description, subtype, uri }: GoogleRefusal): Reply {
  return {
    status,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
    },
    body: JSON.stringify({
      error,
      error_description: description,
      error_subtype: subtype,
      error_uri: uri,
    }),
  };
}

function missing(parameter: string) {
  return invalidRequest(`Required parameter is missing: ${parameter}`);
}
