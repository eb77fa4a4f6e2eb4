import { targetParameters } from "./grant.ts";
import { formatLogin, type Login, parseLogin } from "./login.ts";
import type { LoginGrantParts, Minting } from "./login-parts.ts";
import { oidcError } from "./oidc-error.ts";
import { type Granted, parseGranted } from "./parse-granted.ts";
import { refusalError } from "./refusal-error.ts";
import { requestTokens } from "./request-tokens.ts";
import type { Answer } from "./send.ts";

/**
 * Gets a token with the refresh token of a sign-in (RFC 6749, section 6), which no other process
 * uses meanwhile. A new one that comes with it is kept before anything else is looked at.
 *
 * @throws {DecantError} `OIDC_LOGIN_ENDED`, or as requests do.
 */
export async function renewLogin(
  { session, server: findServer, secrets, name, initial }: LoginGrantParts,
  { request, signal }: Minting,
): Promise<Granted> {
  const server = await findServer(signal);
  let renewed: { readonly answer: Answer; readonly login: Login } | undefined;
  await secrets.update(
    name,
    async (text) => {
      const login = parseLogin(text) ?? initial;
      const refreshToken = login?.refreshToken;
      if (!login || refreshToken === undefined) throw signedOut(session.settings.server);
      const answer = await requestTokens(session, {
        ...{ server, grantType: "refresh_token" },
        parameters: [["refresh_token", refreshToken], ...targetParameters(session, request)],
        // A token that may be good for one use only must not be lost on its way.
        signal: new AbortController().signal,
      });
      if (answer.refusal) throw refusalError(answer, session);
      renewed = { answer, login };
      const next = answer.data?.["refresh_token"];
      if (typeof next !== "string" || next === "" || next === refreshToken) return text;
      return formatLogin({ ...login, refreshToken: next });
    },
    { signal },
  );
  const { answer, login } = renewed!;
  const scopes = request.scopes.length > 0 ? request.scopes : login.scopes;
  const granted = await parseGranted(answer, session, {
    ...{ server, scopes, signal, withIdToken: server.openId, principal: login.subject },
  });
  checkSubject(granted, { login, server: session.settings.server });
  return granted;
}

/** OpenID Connect Core 1.0, section 12.2: a renewed ID token is about the same person. */
function checkSubject(
  { subject }: Granted,
  { login, server }: { readonly login: Login; readonly server: string },
): void {
  if (subject === undefined || login.subject === undefined || subject === login.subject) return;
  throw oidcError(server, {
    ...{ code: "OIDC_ID_TOKEN_INVALID", state: "its ID token is about somebody else" },
    hint: "Sign in again. The token was not used.",
  });
}

function signedOut(server: string): Error {
  return oidcError(server, {
    ...{ code: "OIDC_LOGIN_ENDED", state: "the sign-in was taken back meanwhile" },
    hint: "Sign in again.",
  });
}
