import { DecantError } from "@decant/core";
import { userFlaw } from "./authorized-user-credential.ts";
import { basicAuthorization } from "./basic-authorization.ts";
import { callForJson } from "./call-server.ts";
import { checkGoogleEndpoint } from "./check-endpoint.ts";
import type { Credential } from "./credential.ts";
import type { CredentialFile } from "./credential-file.ts";
import type { Exchange } from "./exchange-error.ts";
import { hashText } from "./hash-text.ts";
import { parseToken } from "./parse-token.ts";
import { readFields } from "./read-fields.ts";
import { revokeLogin } from "./revoke-login.ts";
import { fileUniverse } from "./universe.ts";

/**
 * The login of a user of another identity provider, by workforce identity federation: a refresh token
 * for Google's security token service (https://google.aip.dev/auth/4117).
 */
export async function externalUserCredential(context: CredentialFile): Promise<Credential> {
  const { file, source, effects, account: principal } = context;
  const fields = readFields(file, source);
  const universe = fileUniverse(context);
  const endpoint = (field: string, path: string) =>
    checkGoogleEndpoint(fields.optionalText(field) ?? `https://sts.${universe}/v1/${path}`, {
      ...{ source, field, service: "sts", universe },
    });
  const url = endpoint("token_url", "oauthtoken");
  const revokeUrl = endpoint("revoke_url", "revoke");
  const clientId = fields.text("client_id");
  const headers = basicAuthorization(clientId, fields.text("client_secret"));
  // The server may hand out a new refresh token with each access token: the old one ends some time.
  let refreshToken = fields.text("refresh_token");
  const quotaProject = fields.optionalText("quota_project_id");
  const exchange: Exchange = {
    ...{ label: principal ?? source, principal, url, scopes: [], findFlaw: userFlaw },
    urlSource: "token_url in the file",
  };
  return {
    ...{ kind: "external_account_authorized_user", principal, universe, quotaProject },
    defaultScopes: [],
    identity: [
      ...["external_account_authorized_user", clientId, await hashText(refreshToken), url],
      ...[universe, quotaProject ?? null],
    ],
    endpoints: [url],
    warnings: [],
    async mint(scopes, signal) {
      checkScopes(scopes);
      const body = new URLSearchParams({
        ...{ grant_type: "refresh_token", refresh_token: refreshToken },
      });
      const answer = await callForJson({ ...exchange, headers, body }, { ...effects, signal });
      const next = answer.data["refresh_token"];
      if (typeof next === "string" && next !== "") refreshToken = next;
      return parseToken(exchange, answer);
    },
    async revoke(signal) {
      const body = new URLSearchParams({ token: refreshToken, token_type_hint: "refresh_token" });
      const request = { ...exchange, url: revokeUrl, headers, body };
      await revokeLogin(request, { ...effects, signal });
    },
  };
}

function checkScopes(scopes: readonly string[]): void {
  if (scopes.length === 0) return;
  throw new DecantError(
    "GCP_SCOPES_FIXED",
    `Cannot get a token for the scopes "${scopes.join(" ")}": those of a workforce login are chosen at the login`,
    { kind: "usage", hint: "Leave the scopes out, or log in again with the ones that you need." },
  );
}
