import type { Token } from "@decant/core";
import type { Answer } from "./call-server.ts";
import { type Exchange, exchangeError } from "./exchange-error.ts";
import type { JsonObject } from "./parse-object.ts";

/** A token whose end is known, as that of each of Google's is. */
export interface ExpiringToken extends Token {
  readonly expiresAt: Date;
}

/** A successful answer of a server that hands out tokens. */
export type TokenAnswer = Pick<Answer, "sent"> & { readonly data: JsonObject };

/**
 * The longest that Google lets any access token live. A longer `expires_in` is taken for this much:
 * too early a renewal costs one request, a dead token in the cache costs an outage.
 */
const longestMs = 12 * 3_600_000;

// RFC 6749 section 3.3.
const scopeList = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * Reads a token from the answer of a token endpoint (RFC 6749 section 5.1). It counts the time to
 * live from when the request was sent, so that a slow answer cannot make it longer.
 *
 * @throws {DecantError} `GCP_ANSWER_INVALID`, which does not quote the answer.
 */
export function parseToken(exchange: Exchange, { data, sent }: TokenAnswer): ExpiringToken {
  const { access_token: value, token_type: type, expires_in: seconds, scope } = data;
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") {
    throw invalidAnswer(exchange, "has a token_type other than Bearer");
  }
  if (typeof seconds !== "number" || !(seconds > 0)) {
    throw invalidAnswer(exchange, "does not say when the token expires (expires_in)");
  }
  // The server says it only where it differs from what was asked for.
  const granted = typeof scope === "string" && scopeList.test(scope) ? scope.split(" ") : [];
  const scopes = granted.length > 0 ? granted : exchange.scopes;
  return makeToken(exchange, {
    ...{ value, field: "access_token", sent, ttlMs: seconds * 1000 },
    ...(scopes.length > 0 ? { scopes } : {}),
  });
}

/**
 * Reads a token from an answer of the IAM credentials API, which tells the end as a point in time.
 *
 * @throws {DecantError} `GCP_ANSWER_INVALID`, which does not quote the answer.
 */
export function parseIamToken(
  exchange: Exchange,
  { data, sent, serverNow }: TokenAnswer & Pick<Answer, "serverNow">,
): ExpiringToken {
  const { accessToken: value, expireTime } = data;
  const ttlMs = Date.parse(String(expireTime)) - serverNow;
  if (!(ttlMs > 0))
    throw invalidAnswer(exchange, "does not say when the token expires (expireTime)");
  const { scopes } = exchange;
  return makeToken(exchange, { value, field: "accessToken", sent, ttlMs, scopes });
}

/** What {@linkcode makeToken} makes a token of. */
export interface TokenParts {
  readonly value: unknown;
  /** Where the value stood, for messages. */
  readonly field: string;
  readonly sent: number;
  readonly ttlMs: number;
  readonly scopes?: readonly string[];
}

/** Makes a token of an answer's parts, once they are known to be sound. */
export function makeToken(exchange: Exchange, parts: TokenParts): ExpiringToken {
  const { value, field, sent, ttlMs, scopes } = parts;
  // It goes into a header and onto a terminal, so only visible ASCII may pass.
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw invalidAnswer(exchange, `has no ${field} that can be used`);
  }
  return {
    value,
    type: "Bearer",
    expiresAt: new Date(sent + Math.min(ttlMs, longestMs)),
    ...(scopes && { scopes }),
    ...(exchange.principal !== undefined && { principal: exchange.principal }),
  };
}

/** An answer of success that makes no sense. */
export function invalidAnswer(exchange: Exchange, state: string): Error {
  return exchangeError(exchange, {
    code: "GCP_ANSWER_INVALID",
    state: `the server's answer ${state}`,
    hint: `Check that ${exchange.urlSource} is an endpoint of Google.`,
  });
}
