import {
  type AuthContext,
  DecantError,
  type IdTokenRequest,
  shareFlight,
  type Token,
  type TokenProvider,
} from "@decant/core";
import { checkAudience, checkScopes } from "./check-request.ts";
import { clientCredentials } from "./client-credentials.ts";
import { explain } from "./explain.ts";
import type { Grant, GrantParts } from "./grant.ts";
import { createKeptTokens } from "./kept-tokens.ts";
import { loginGrant } from "./login-grant.ts";
import { oidcError } from "./oidc-error.ts";
import { patientSecrets } from "./patient-secrets.ts";
import { readSettings } from "./read-settings.ts";
import { discover, type Server } from "./server.ts";
import { type Clockwork, createSession, type Session } from "./session.ts";

/**
 * Opens the provider, with the clockwork that it goes by.
 *
 * @throws {DecantError} about options, files, or a sign-in that is kept and cannot be used.
 */
export async function openProvider(
  context: AuthContext,
  clockwork: Clockwork,
): Promise<TokenProvider> {
  const settings = await readSettings(context);
  if (settings.certificate && !context.fetchWithCertificate) {
    throw oidcError(settings.server, {
      ...{ code: "OIDC_HOST_UNABLE", state: "there is no way to show a certificate" },
      hint: "Use the program decant, or another --auth-method.",
    });
  }
  const session = createSession(settings, { context, clockwork });
  const grant = await openGrant({ session, server: rememberServer(session) }, context);
  return makeProvider(session, grant);
}

function makeProvider(session: Session, grant: Grant): TokenProvider {
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

/** The server describes itself once, to all who wait for it. */
function rememberServer(session: Session): GrantParts["server"] {
  const share = shareFlight<Server>();
  let known: Server | undefined;
  return async (signal) => {
    known ??= await share("server", { signal, run: (stop) => discover(session, stop) });
    return known;
  };
}

async function openGrant(parts: GrantParts, context: AuthContext): Promise<Grant> {
  const { settings, tell } = parts.session;
  const { server, tokenEndpoint, clientId, refreshToken } = settings;
  if (settings.grant === "client-credentials") return clientCredentials(parts);
  const id = refreshToken === undefined ? undefined : await hash(refreshToken);
  return await loginGrant({
    ...parts,
    secrets: patientSecrets({ store: context.secrets, tell }),
    name: JSON.stringify([settings.grant, server, tokenEndpoint, clientId, id]),
    initial:
      id === undefined || refreshToken === undefined
        ? undefined
        : { id, refreshToken, scopes: [], audiences: [] },
  });
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
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

function checkIdAudience(audience: string, clientId: string): void {
  if (audience === clientId) return;
  throw new DecantError(
    "OIDC_AUDIENCE_UNSUPPORTED",
    `Cannot get an identity token for "${audience}": those of OpenID are for their client alone`,
    { kind: "usage", hint: `Ask for the audience ${clientId}, or for a token with print-token.` },
  );
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
