import { type Grant, type GrantParts, targetParameters } from "./grant.ts";
import { parseGranted } from "./parse-granted.ts";
import { refusalError } from "./refusal-error.ts";
import { requestTokens } from "./request-tokens.ts";

/** Tokens for the client itself (RFC 6749, section 4.4). */
export function clientCredentials(parts: GrantParts): Grant {
  const { clientId } = parts.session.settings;
  return directGrant(parts, {
    ...{ grantType: "client_credentials", principal: clientId, identity: [] },
    parameters: async () => [],
  });
}

/**
 * Tokens for a token of another server (RFC 8693).
 *
 * @param parts What grants work with.
 * @param identity What of the other token shapes its tokens.
 */
export function tokenExchange(parts: GrantParts, identity: readonly unknown[]): Grant {
  const { subjectToken } = parts.session.settings;
  return directGrant(parts, {
    ...{ grantType: "urn:ietf:params:oauth:grant-type:token-exchange", identity },
    principal: undefined,
    parameters: async () => [
      ["subject_token", await subjectToken!.read()],
      ["subject_token_type", subjectToken!.type],
    ],
  });
}

interface Direct extends Pick<Grant, "principal" | "identity"> {
  readonly grantType: string;
  /** What is sent besides scopes and audience. */
  parameters(): Promise<[name: string, value: string][]>;
}

/** A grant that is one request. */
function directGrant(
  { session, server: findServer }: GrantParts,
  { grantType, principal, identity, parameters }: Direct,
): Grant {
  return {
    ...{ identity, principal, scopes: [], hasIdTokens: false },
    async mint(request, signal) {
      const own = await parameters();
      const server = await findServer(signal);
      const answer = await requestTokens(session, {
        ...{ server, signal, grantType },
        parameters: [...own, ...targetParameters(session, request)],
      });
      if (answer.refusal) throw refusalError(answer, session);
      return await parseGranted(answer, session, {
        ...{ server, signal, scopes: request.scopes, withIdToken: false, principal },
      });
    },
  };
}
