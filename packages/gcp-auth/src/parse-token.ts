import type { Token } from "@decant/core";
import { type Exchange, exchangeError } from "./exchange-error.ts";

/** A token whose end is known, as that of each of Google's is. */
export interface ExpiringToken extends Token {
  readonly expiresAt: Date;
}

/** A successful answer of the token endpoint. */
export interface TokenAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  /** When the request was sent, in milliseconds since 1970. */
  readonly sent: number;
}

/**
 * The longest that Google lets any access token live. A longer `expires_in` is taken for this much:
 * too early a renewal costs one request, a dead token in the cache costs an outage.
 */
const longestSeconds = 12 * 3600;

// RFC 6749 section 3.3.
const scopeList = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * Reads a token from the answer of the token endpoint (RFC 6749 section 5.1). It counts the time to
 * live from when the request was sent, so that a slow answer cannot make it longer.
 *
 * @throws {DecantError} `GCP_ANSWER_INVALID`, which does not quote the answer.
 */
export function parseToken(exchange: Exchange, { data, sent }: TokenAnswer): ExpiringToken {
  const invalid = (state: string) =>
    exchangeError(exchange, {
      code: "GCP_ANSWER_INVALID",
      state: `the server's answer ${state}`,
      hint: "Check that token_uri in the key file is a token endpoint of Google.",
    });
  const { access_token: value, token_type: type, expires_in: seconds, scope } = data;
  // It goes into a header and onto a terminal, so only visible ASCII may pass.
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw invalid("has no access_token that can be used");
  }
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    throw invalid("has a token_type other than Bearer");
  }
  if (typeof seconds !== "number" || !(seconds > 0)) {
    throw invalid("does not say when the token expires (expires_in)");
  }
  return {
    value,
    type: "Bearer",
    expiresAt: new Date(sent + Math.min(seconds, longestSeconds) * 1000),
    // The server says it only where it differs from what was asked for.
    scopes: typeof scope === "string" && scopeList.test(scope) ? scope.split(" ") : exchange.scopes,
    principal: exchange.subject ?? exchange.key.client_email,
  };
}
