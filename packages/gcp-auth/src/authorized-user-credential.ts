import { DecantError } from "@decant/core";
import { type CallOptions, callForJson } from "./call-server.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import type { Credential, IdTokenOptions } from "./credential.ts";
import type { CredentialFile } from "./credential-file.ts";
import { decodeClaims } from "./decode-claims.ts";
import type { Exchange, ExchangeFlaw } from "./exchange-error.ts";
import { hashText } from "./hash-text.ts";
import { parseIdToken } from "./parse-id-token.ts";
import { type ExpiringToken, parseToken } from "./parse-token.ts";
import { readFields } from "./read-fields.ts";
import type { Refusal } from "./refusal-error.ts";
import { revokeLogin } from "./revoke-login.ts";
import { defaultUniverse } from "./universe.ts";

interface User {
  readonly label: string;
  readonly principal: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly tokenUri: string;
  readonly revokeUri: string;
}

/**
 * The login of a user, as `gcloud auth application-default login` and `gcloud auth login` keep it:
 * a refresh token (RFC 6749 section 6).
 */
export async function authorizedUserCredential(context: CredentialFile): Promise<Credential> {
  const { file, source, effects } = context;
  const fields = readFields(file, source);
  const user = readUser(context);
  const universe = fields.optionalText("universe_domain") ?? defaultUniverse;
  const quotaProject = fields.optionalText("quota_project_id");
  const options = (signal: AbortSignal) => ({ ...effects, signal });
  return {
    ...{ kind: "authorized_user", principal: user.principal, universe, quotaProject },
    defaultScopes: [],
    identity: [
      ...["authorized_user", user.clientId, await hashText(user.refreshToken), user.tokenUri],
      ...[universe, quotaProject ?? null],
    ],
    endpoints: [user.tokenUri],
    warnings:
      quotaProject === undefined
        ? ["It names no quota project: some of Google's APIs refuse a user without one."]
        : [],
    mint: (scopes, signal) => mint(user, scopes, options(signal)),
    mintIdToken: (request, signal) => mintIdToken(user, request, options(signal)),
    async revoke(signal) {
      const exchange = { ...userExchange(user, []), url: user.revokeUri, urlSource: "revoke_uri" };
      const body = new URLSearchParams({ token: user.refreshToken });
      await revokeLogin({ ...exchange, body }, options(signal));
    },
  };
}

function readUser({ file, source, account }: CredentialFile): User {
  const fields = readFields(file, source);
  const principal = account ?? fields.optionalText("account");
  const endpoint = { source, field: "token_uri" };
  const tokenUri = checkEndpoint(
    fields.optionalText("token_uri") ?? "https://oauth2.googleapis.com/token",
    endpoint,
  );
  const revokeUri = fields.optionalText("revoke_uri") ?? new URL("revoke", tokenUri).href;
  return {
    label: principal ?? source,
    principal,
    clientId: fields.text("client_id"),
    clientSecret: fields.text("client_secret"),
    refreshToken: fields.text("refresh_token"),
    tokenUri,
    revokeUri: checkEndpoint(revokeUri, { source, field: "revoke_uri" }),
  };
}

function userExchange(user: User, scopes: readonly string[]): Exchange {
  const { label, principal, tokenUri: url } = user;
  const urlSource = "token_uri in the file";
  return { label, principal, url, urlSource, scopes, findFlaw: userFlaw };
}

function refresh(user: User, scopes: readonly string[], options: CallOptions) {
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: user.clientId,
    client_secret: user.clientSecret,
    refresh_token: user.refreshToken,
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
  });
  return callForJson({ ...userExchange(user, scopes), body }, options);
}

async function mint(
  user: User,
  scopes: readonly string[],
  options: CallOptions,
): Promise<ExpiringToken> {
  const answer = await refresh(user, scopes, options);
  const token = parseToken(userExchange(user, scopes), answer);
  // The file seldom says whose login it is. The answer does, where the login covers openid.
  const { id_token: idToken } = answer.data;
  const { email } = (typeof idToken === "string" && decodeClaims(idToken)) || {};
  const isKnown = token.principal !== undefined || typeof email !== "string";
  return isKnown ? token : { ...token, principal: email };
}

/** The identity token of a user is for the program that the user logged in with, and for no other. */
async function mintIdToken(
  user: User,
  { audience }: IdTokenOptions,
  options: CallOptions,
): Promise<ExpiringToken> {
  if (audience !== user.clientId) {
    throw new DecantError(
      "GCP_AUDIENCE_UNSUPPORTED",
      `Cannot get an identity token for the audience ${JSON.stringify(audience)}: that of a user's login is always ${user.clientId}`,
      {
        kind: "usage",
        hint: "Name a service account to impersonate: its identity tokens are for any audience.",
      },
    );
  }
  const answer = await refresh(user, [], options);
  const field = "id_token";
  const value = answer.data[field];
  return parseIdToken(userExchange(user, []), { ...answer, value, field, audience });
}

/** The words are those of https://developers.google.com/identity/protocols/oauth2/web-server#errors. */
export function userFlaw({ error, reason }: Refusal): ExchangeFlaw | undefined {
  if (error === "invalid_grant" || error === "invalid_token" || error === "rapt_required") {
    const again = "Log in again: gcloud auth application-default login, or gcloud auth login.";
    return /rapt/.test(reason + error)
      ? {
          code: "GCP_REAUTH_NEEDED",
          state: "the organisation demands a new login after some hours",
          hint: again,
        }
      : { code: "GCP_REAUTH_NEEDED", state: "the login has ended or was revoked", hint: again };
  }
  if (/^(invalid|unauthorized|disabled|deleted)_client$|^org_internal$/.test(error)) {
    return {
      code: "GCP_CLIENT_REFUSED",
      state: "the OAuth client of the login is not accepted",
      hint: "Log in again with a client that exists: gcloud auth application-default login.",
    };
  }
  if (error === "invalid_scope") {
    return {
      code: "GCP_SCOPE_INVALID",
      state: "the login does not cover one of the scopes",
      hint: "Ask for fewer scopes, or log in again with all of them: gcloud auth application-default login --scopes=...",
    };
  }
  if (error === "admin_policy_enforced" || error === "access_denied") {
    return {
      code: "GCP_ACCESS_DENIED",
      state: "an administrator does not allow it",
      hint: "Ask the Workspace administrator to allow the OAuth client and the scopes.",
    };
  }
  return undefined;
}
