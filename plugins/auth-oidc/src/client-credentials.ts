import { type Grant, type GrantParts, targetParameters } from "./grant.ts";
import { parseGranted } from "./parse-granted.ts";
import { refusalError } from "./refusal-error.ts";
import { requestTokens } from "./request-tokens.ts";

/** Tokens for the client itself (RFC 6749, section 4.4). */
export function clientCredentials({ session, server: findServer }: GrantParts): Grant {
  const { clientId } = session.settings;
  return {
    ...{ identity: [], principal: clientId, scopes: [], hasIdTokens: false },
    async mint(request, signal) {
      const server = await findServer(signal);
      const answer = await requestTokens(session, {
        ...{ server, signal, grantType: "client_credentials" },
        parameters: targetParameters(session, request),
      });
      if (answer.refusal) throw refusalError(answer, session);
      return await parseGranted(answer, session, {
        ...{ server, signal, scopes: request.scopes, withIdToken: false, principal: clientId },
      });
    },
  };
}
