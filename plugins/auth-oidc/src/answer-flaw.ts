import type { DecantError } from "@decant/core";
import * as oauth from "oauth4webapi";
import { cleanText } from "./clean-text.ts";
import { oidcError } from "./oidc-error.ts";
import type { Answer } from "./send.ts";
import type { Session } from "./session.ts";

/** Says what is wrong with an answer of success, without a word of the answer. */
export function answerFlaw(
  error: unknown,
  session: Session,
  { clockOffMs = 0 }: Answer,
): DecantError {
  const { code, cause } = Object(error) as { readonly code?: unknown; readonly cause?: unknown };
  const words = wordsOf(error);
  if (code === oauth.JWT_TIMESTAMP_CHECK) {
    const minutes = Math.round(Math.abs(clockOffMs) / 60_000);
    const off = minutes > 0 ? `, and the clocks are ${minutes} min apart` : "";
    return idTokenError(session, `its times do not fit the present${off}`);
  }
  if (code === oauth.JWT_CLAIM_COMPARISON) {
    const { claim } = Object(cause) as { readonly claim?: unknown };
    return idTokenError(session, `its claim ${String(claim)} is not for this client`);
  }
  const aboutIdToken = /ID Token|JWT|JWS|id_token/.test(words);
  return aboutIdToken ? idTokenError(session, words) : answerError(session, words);
}

/** The words of oauth4webapi, which quote nothing of an answer, without those that mean nothing to a user. */
export function wordsOf(error: unknown): string {
  const { message } = Object(error) as { readonly message?: unknown };
  return cleanText(String(message).replaceAll('"response" ', "").replaceAll('"', ""));
}

/** An ID token that proves nothing. */
export function idTokenError({ settings }: Session, state: string): DecantError {
  return oidcError(settings.server, {
    code: "OIDC_ID_TOKEN_INVALID",
    state: `its ID token cannot be trusted: ${state}`,
    hint: "Check the issuer, the client id and the clock. The token was not used.",
  });
}

/** An answer of success that makes no sense. */
export function answerError({ settings }: Session, state: string): DecantError {
  return oidcError(settings.server, {
    code: "OIDC_ANSWER_INVALID",
    state: `its answer makes no sense: ${state}`,
    hint: "Check the address of the server, and what stands in front of it.",
  });
}
