import type { DecantError } from "@decant/core";
import { cleanText } from "./clean-text.ts";
import { type Flaw, oidcError } from "./oidc-error.ts";
import type { Answer } from "./send.ts";
import type { Session } from "./session.ts";

/** A clock may be off by this much, in milliseconds, before it is a likely reason. */
const clockToleranceMs = 60_000;

const checkClient =
  "Check the client id, its secret or key, and how it proves itself (--auth-method).";
const signInAgain = "Sign in again, or give a new refresh token.";

type Meaning = Pick<Flaw, "code" | "hint" | "retryable">;

/** What the codes mean (RFC 6749 5.2, RFC 8628 3.5, RFC 8707 2, OpenID Connect Core 3.1.2.6). */
const meanings: Readonly<Record<string, Meaning>> = {
  invalid_client: { code: "OIDC_CLIENT_REFUSED", hint: checkClient },
  unauthorized_client: {
    code: "OIDC_GRANT_REFUSED",
    hint: "Allow this grant for the client at the server, or choose another with --grant.",
  },
  unsupported_grant_type: {
    code: "OIDC_GRANT_REFUSED",
    hint: "Choose a grant that the server knows with --grant.",
  },
  invalid_scope: {
    code: "OIDC_SCOPE_REFUSED",
    hint: "Check --scopes, and what the client may ask for.",
  },
  invalid_target: {
    code: "OIDC_AUDIENCE_REFUSED",
    hint: "Check --audience and --audience-parameter.",
  },
  invalid_grant: { code: "OIDC_LOGIN_ENDED", hint: signInAgain },
  interaction_required: { code: "OIDC_LOGIN_ENDED", hint: signInAgain },
  login_required: { code: "OIDC_LOGIN_ENDED", hint: signInAgain },
  consent_required: { code: "OIDC_LOGIN_ENDED", hint: signInAgain },
  access_denied: { code: "OIDC_LOGIN_DENIED", hint: "Sign in again, and allow it." },
  expired_token: { code: "OIDC_LOGIN_EXPIRED", hint: "Begin again, and enter the code in time." },
  server_error: {
    code: "OIDC_UNAVAILABLE",
    hint: "Wait a little, and try again.",
    retryable: true,
  },
  temporarily_unavailable: {
    ...{ code: "OIDC_UNAVAILABLE", hint: "Wait a little, and try again.", retryable: true },
  },
};

/** Says why the server refused. */
export function refusalError(
  { refusal, clockOffMs = 0 }: Answer,
  { settings }: Session,
  action?: string,
): DecantError {
  const { status, error, description } = refusal ?? {
    status: 0,
    error: undefined,
    description: "",
  };
  const name = error === undefined ? `it answers with ${status}` : cleanText(error).slice(0, 60);
  const state = `${name}${description && ` (${description})`}`;
  const flaw = action === undefined ? { state } : { state, action };
  // What is signed is good for a minute.
  if (settings.key && Math.abs(clockOffMs) > clockToleranceMs && error?.startsWith("invalid_")) {
    const minutes = Math.round(Math.abs(clockOffMs) / 60_000);
    return oidcError(settings.server, {
      ...{ ...flaw, code: "OIDC_CLOCK_SKEW" },
      hint: `The clock of this machine is ${minutes} min ${clockOffMs > 0 ? "slow" : "fast"}: set it.`,
    });
  }
  const unnamed = status === 401 ? "invalid_client" : "";
  const exchanged =
    settings.subjectToken !== undefined && /^invalid_(grant|request)$/.test(`${error}`);
  if (exchanged) {
    return oidcError(settings.server, {
      ...{ ...flaw, code: "OIDC_SUBJECT_REFUSED" },
      hint: "Check that the token is meant for this server, and has not ended.",
    });
  }
  const meaning = Object.hasOwn(meanings, error ?? unnamed)
    ? meanings[error ?? unnamed]
    : undefined;
  return oidcError(settings.server, {
    ...(meaning ?? { code: "OIDC_REFUSED", hint: "The message has the words of the server." }),
    ...flaw,
  });
}
