import * as oauth from "oauth4webapi";
import type { Login } from "./login.ts";
import type { LoginGrantParts } from "./login-parts.ts";
import { oidcError } from "./oidc-error.ts";
import { refusalError } from "./refusal-error.ts";
import { requestOf } from "./request-tokens.ts";

const action = "sign out at";

/**
 * Takes a sign-in back at the server (RFC 7009), and forgets it here. Where the server cannot, it is
 * forgotten all the same.
 *
 * @throws {DecantError} `OIDC_LOGIN_MISSING`, `OIDC_ENDPOINT_MISSING`, or as requests do.
 */
export async function revokeLogin(
  { session, server: findServer, secrets, name }: LoginGrantParts,
  { login, signal }: { readonly login: Login | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const token = login?.refreshToken ?? login?.granted?.token.value;
  if (token === undefined) {
    throw oidcError(session.settings.server, {
      ...{ code: "OIDC_LOGIN_MISSING", action, state: "nobody has signed in" },
      hint: "There is nothing to do.",
    });
  }
  const hint = login?.refreshToken === undefined ? "access_token" : "refresh_token";
  const server = await findServer(signal);
  const forget = () => secrets.update(name, async () => undefined);
  if (server.metadata.revocation_endpoint === undefined) await forget();
  const answer = await requestOf(session, {
    ...{ server, signal, action, endpoint: "revocation_endpoint" },
    ask: (proof, client, options) =>
      oauth.revocationRequest(server.metadata, client, proof, token, {
        ...options,
        additionalParameters: { token_type_hint: hint },
      }),
  });
  if (answer.refusal) throw refusalError(answer, session, action);
  await forget();
}
