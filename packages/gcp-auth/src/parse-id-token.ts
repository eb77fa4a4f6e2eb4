import type { Answer } from "./call-server.ts";
import { decodeClaims } from "./decode-claims.ts";
import type { Exchange } from "./exchange-error.ts";
import { type ExpiringToken, invalidAnswer, makeToken } from "./parse-token.ts";

/** An answer with an identity token. */
export interface IdTokenAnswer extends Pick<Answer, "sent" | "serverNow"> {
  /** The token, wherever it stood. */
  readonly value: unknown;
  /** Where it stood, for messages. */
  readonly field: string;
  readonly audience: string;
}

/**
 * Reads an identity token: its claims say when it ends and whom it is for. The signature is not
 * checked: it came from the issuer over TLS, and only its audience must not trust it blindly.
 *
 * @throws {DecantError} `GCP_ANSWER_INVALID`, which does not quote the answer.
 */
export function parseIdToken(exchange: Exchange, answer: IdTokenAnswer): ExpiringToken {
  const { value, field, audience, sent, serverNow } = answer;
  const claims = typeof value === "string" ? decodeClaims(value) : undefined;
  if (!claims) throw invalidAnswer(exchange, `has no ${field} that can be used`);
  if (claims["aud"] !== audience) throw invalidAnswer(exchange, "is for another audience");
  const ttlMs = Number(claims["exp"]) * 1000 - serverNow;
  if (!(ttlMs > 0)) throw invalidAnswer(exchange, "has an identity token that has ended (exp)");
  const { email } = claims;
  const token = makeToken(exchange, { value, field, sent, ttlMs });
  return typeof email === "string" ? { ...token, principal: email } : token;
}
