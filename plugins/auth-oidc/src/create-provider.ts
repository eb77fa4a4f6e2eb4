import type { IdTokenRequest, Token, TokenProvider } from "@decant/core";
import { checkAudience, checkIdAudience, checkScopes } from "./check-request.ts";
import { explain } from "./explain.ts";
import type { Grant } from "./grant.ts";
import { createKeptTokens } from "./kept-tokens.ts";
import { noIdToken } from "./no-id-token.ts";
import type { Session } from "./session.ts";

/** Makes a provider of a grant: tokens kept in memory, and requests that were checked. */
export function createProvider(session: Session, grant: Grant): TokenProvider {
  const { settings } = session;
  const kept = createKeptTokens(session);
  const { server, tokenEndpoint, clientId, audienceParameter, parameters } = settings;
  return {
    name: "oidc",
    ...(grant.identity && {
      identity: JSON.stringify([
        ...["oidc", settings.grant, server, tokenEndpoint, clientId, audienceParameter, parameters],
        ...grant.identity,
      ]),
    }),
    async getToken({ scopes: wanted = [], audience, minTtlMs, signal }) {
      signal?.throwIfAborted();
      const scopes = checkScopes(wanted);
      checkAudience(audience, settings);
      const request = { scopes, audience, minTtlMs: minTtlMs ?? 0, wants: "token" } as const;
      return await kept.get(JSON.stringify([scopes, audience]), {
        ...{ minTtlMs, signal },
        async mint(stop) {
          const { token } = await grant.mint(request, stop);
          tellOfLess(session, { wanted: scopes, token });
          return token;
        },
      });
    },
    ...(grant.hasIdTokens && {
      async getIdToken(request: IdTokenRequest) {
        const { audience, minTtlMs, signal } = request;
        signal?.throwIfAborted();
        checkIdAudience(audience, settings.clientId);
        return await kept.get("id", {
          ...{ minTtlMs, signal },
          async mint(stop) {
            const wanted = { scopes: [], audience: undefined, minTtlMs: minTtlMs ?? 0 };
            const { idToken } = await grant.mint({ ...wanted, wants: "idToken" }, stop);
            if (idToken) return idToken;
            throw noIdToken(server);
          },
        });
      },
    }),
    explain: async () => explain(session, grant),
    ...(grant.revoke && {
      async revoke({ signal }: { readonly signal?: AbortSignal }) {
        await grant.revoke?.(signal ?? new AbortController().signal);
        kept.clear();
      },
    }),
  };
}

interface Less {
  readonly wanted: readonly string[];
  readonly token: Token;
}

/** A server may give less than was asked for, and says so (RFC 6749, section 3.3). */
function tellOfLess(session: Session, { wanted, token }: Less): void {
  // These are not scopes of a token, or stand for others.
  const plain = wanted.filter((scope) => !/^(openid|offline_access|.*\/\.default)$/.test(scope));
  const lacking = plain.filter((scope) => token.scopes && !token.scopes.includes(scope));
  if (lacking.length > 0) session.tell?.(`The server did not grant ${lacking.join(" ")}.`);
}
