import type { IdTokenRequest, Token, TokenProvider } from "@decant/core";
import { checkAudience, checkIdAudience, checkScopes } from "./check-request.ts";
import { explain } from "./explain.ts";
import type { Grant } from "./grant.ts";
import { createKeptTokens } from "./kept-tokens.ts";
import { oidcError } from "./oidc-error.ts";
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
      const request = { scopes, audience, minTtlMs: minTtlMs ?? 0 };
      const token = await kept.get(JSON.stringify([scopes, audience]), {
        ...{ minTtlMs, signal },
        mint: async (stop) => (await grant.mint(request, stop)).token,
      });
      tellOfLess(session, { wanted: scopes, token });
      return token;
    },
    ...(grant.hasIdTokens && {
      async getIdToken(request: IdTokenRequest) {
        const { audience, minTtlMs, signal } = request;
        signal?.throwIfAborted();
        checkIdAudience(audience, settings.clientId);
        return await kept.get("id", {
          ...{ minTtlMs, signal },
          mint: (stop) => mintIdToken(grant, { minTtlMs: minTtlMs ?? 0, server, signal: stop }),
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

async function mintIdToken(
  grant: Grant,
  { minTtlMs, server, signal }: { minTtlMs: number; server: string; signal: AbortSignal },
): Promise<Token> {
  const { idToken } = await grant.mint({ scopes: [], audience: undefined, minTtlMs }, signal);
  if (idToken) return idToken;
  throw oidcError(server, {
    ...{ code: "OIDC_ID_TOKEN_MISSING", action: "get an identity token of" },
    state: "it gives none with this sign-in",
    hint: "Sign in with the scope openid at an OpenID provider.",
  });
}
