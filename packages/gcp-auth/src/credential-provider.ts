import {
  DecantError,
  type Explanation,
  type IdTokenRequest,
  type Token,
  type TokenProvider,
} from "@decant/core";
import { createTokenCache } from "./create-token-cache.ts";
import type { Credential } from "./credential.ts";
import type { Effects } from "./effects.ts";
import { expandScopes } from "./expand-scopes.ts";
import { formatDuration } from "./format-duration.ts";
import type { ExpiringToken } from "./parse-token.ts";
import { revokeRefusal } from "./revoke-refusal.ts";

/** How a credential came to be chosen. */
export type Found = Pick<Explanation, "source" | "reason" | "considered">;

/** What {@linkcode credentialProvider} works with. */
export interface CredentialProviderOptions {
  readonly found: Found;
  /** The scopes of a token when a request names none. @default those of the credential */
  readonly scopes?: string | readonly string[] | undefined;
  readonly effects: Pick<Effects, "now">;
}

interface Minting {
  readonly name: string;
  readonly request: { readonly minTtlMs?: number; readonly signal?: AbortSignal };
  mint(signal: AbortSignal): Promise<ExpiringToken>;
}

/**
 * How long a kept token must still live when a request does not say. It is the margin of Google's
 * own Python library: enough for the longest request, and less than the four minutes before the end
 * at which some metadata servers renew, so that a chain of caches never asks in a loop.
 */
const defaultMinTtlMs = 225_000;

/** Makes a provider of a credential: tokens kept in memory, and one request for all who wait. */
export function credentialProvider(
  credential: Credential,
  options: CredentialProviderOptions,
): TokenProvider {
  const { now } = options.effects;
  const defaultScopes = options.scopes?.length
    ? expandScopes(options.scopes)
    : credential.defaultScopes;
  let cached = createTokenCache(now);

  async function getCached({ name, request, mint }: Minting): Promise<Token> {
    checkTtlRequest(request.minTtlMs ?? 0);
    const minTtlMs = request.minTtlMs ?? defaultMinTtlMs;
    const token = await cached(name, { minTtlMs, signal: request.signal, mint });
    checkTtl(token.expiresAt.getTime() - now(), request.minTtlMs ?? 0);
    // A Date can be changed, and the kept one is shared by all callers.
    return { ...token, expiresAt: new Date(token.expiresAt) };
  }

  return {
    name: "gcp",
    ...(credential.identity && {
      identity: JSON.stringify([...credential.identity, defaultScopes.toSorted()]),
    }),
    async getToken(request) {
      checkAudience(request.audience);
      const scopes = request.scopes?.length ? expandScopes(request.scopes) : defaultScopes;
      const name = scopes.toSorted().join(" ");
      return getCached({ name, request, mint: (signal) => credential.mint(scopes, signal) });
    },
    async getIdToken(request) {
      const mint = idTokenMint(credential, request);
      const { audience, format, licenses } = request;
      return getCached({ name: JSON.stringify([audience, format, licenses]), request, mint });
    },
    explain: async () => explainCredential(credential, options.found, defaultScopes),
    async revoke({ signal }) {
      if (!credential.revoke) throw revokeRefusal(credential.kind);
      await credential.revoke(signal ?? new AbortController().signal);
      cached = createTokenCache(now);
    },
  };
}

function idTokenMint(credential: Credential, request: IdTokenRequest): Minting["mint"] {
  const { mintIdToken, kind } = credential;
  if (!mintIdToken) {
    throw new DecantError(
      "GCP_ID_TOKEN_UNSUPPORTED",
      `Cannot get an identity token with a credential of type "${kind}": Google makes none`,
      { kind: "usage", hint: "Name a service account to impersonate: it can have them." },
    );
  }
  if (request.audience === "") {
    throw new DecantError(
      "GCP_AUDIENCE_MISSING",
      'Cannot get an identity token for the audience "": it is empty',
      { kind: "usage", hint: "Name whom the token is for, such as the address of a service." },
    );
  }
  return (signal) => mintIdToken(request, signal);
}

function explainCredential(
  credential: Credential,
  found: Found,
  scopes: readonly string[],
): Explanation {
  const { kind, principal, project, quotaProject, universe, endpoints, warnings } = credential;
  return {
    ...{ kind, source: found.source, reason: found.reason, considered: found.considered },
    ...(principal !== undefined && { principal }),
    ...(scopes.length > 0 && { scopes }),
    ...(project !== undefined && { project }),
    ...(quotaProject !== undefined && { quotaProject }),
    ...(universe !== undefined && { universe }),
    ...{ endpoints: endpoints.map(withoutQuery), warnings },
  };
}

/** A query may hold anything. What is no address of the web stays as it is: a path, or a command. */
function withoutQuery(endpoint: string): string {
  return /^https?:/.test(endpoint) ? endpoint.replace(/[?#].*$/s, "") : endpoint;
}

function checkAudience(audience: string | undefined): void {
  if (audience === undefined) return;
  throw new DecantError(
    "GCP_AUDIENCE_UNSUPPORTED",
    `Cannot get a token for the audience ${JSON.stringify(audience)}: Google's access tokens have none`,
    {
      kind: "usage",
      hint: "Leave the audience out and choose scopes, or ask for an identity token.",
    },
  );
}

function checkTtlRequest(minTtlMs: number): void {
  if (minTtlMs >= 0) return;
  throw new DecantError(
    "GCP_TTL_INVALID",
    `Cannot use the time to live "${minTtlMs}": it is no duration`,
    { kind: "usage", hint: "Give the milliseconds that the token must still live, 0 or more." },
  );
}

function checkTtl(ttl: number, wanted: number): void {
  if (ttl > wanted) return;
  throw new DecantError(
    "GCP_TTL_UNMET",
    `Cannot get a token that lives for "${formatDuration(wanted)}": a new one lives for ${formatDuration(ttl)}`,
    { kind: "usage", hint: "Ask for a shorter time to live; Google's tokens live for one hour." },
  );
}
