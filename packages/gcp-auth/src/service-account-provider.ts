import { DecantError, sleep, type TokenProvider, type TokenRequest } from "@decant/core";
import { checkTokenUri } from "./check-token-uri.ts";
import { createTokenCache } from "./create-token-cache.ts";
import { expandScopes } from "./expand-scopes.ts";
import { formatDuration } from "./format-duration.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import type { ExpiringToken } from "./parse-token.ts";
import { requestToken } from "./request-token.ts";
import { retry } from "./retry.ts";

/** What {@linkcode serviceAccountProvider} works with. */
export interface ServiceAccountProviderOptions {
  readonly key: ServiceAccountKey;
  /** The scopes of a token when a request names none. @default {"cloud-platform"} */
  readonly scopes?: string | readonly string[];
  /** The user to act for, by domain-wide delegation. Absent: the service account itself. */
  readonly subject?: string;
  /** @default {globalThis.fetch} */
  readonly fetch?: typeof globalThis.fetch;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** How long one answer of the token endpoint may take, in milliseconds. @default {10_000} */
  readonly timeoutMs?: number;
  /** Waits between two tries. @default {a timer} */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Spreads the tries of many machines, from 0 up to 1. @default {Math.random} */
  readonly random?: () => number;
}

/**
 * How long a kept token must still live when a request does not say. It is the margin of Google's
 * own Python library: enough for the longest request, and less than the four minutes before the end
 * at which some metadata servers renew, so that a chain of caches never asks in a loop.
 */
const defaultMinTtlMs = 225_000;

/**
 * Makes a provider of Google access tokens from a service account key.
 *
 * Tokens are kept in memory, by their scopes, and given again while they live for longer than the
 * `minTtlMs` of the request (225 s where it names none). Callers that need a new one at the same time
 * share one request. A token endpoint that is busy or cannot be reached is asked four times in all,
 * with growing pauses and no sooner than its `Retry-After` allows; one of more than 30 s ends the
 * tries at once.
 *
 * @param options The key, and what is not as usual.
 * @returns The provider. Its `getToken` throws a {@linkcode DecantError} of kind `credentials` when
 * Google refuses (`GCP_CLOCK_SKEW`, `GCP_KEY_REVOKED`, `GCP_ACCOUNT_DISABLED`,
 * `GCP_SUBJECT_UNKNOWN`, `GCP_DELEGATION_DENIED`, `GCP_SCOPE_INVALID`, `GCP_REFUSED`), the answer
 * makes no sense (`GCP_ANSWER_INVALID`), or there is none (`GCP_UNAVAILABLE`, `GCP_UNREACHABLE`: both
 * retryable); and of kind `usage` for a request that cannot be met (`GCP_TTL_UNMET`,
 * `GCP_TTL_INVALID`, `GCP_AUDIENCE_UNSUPPORTED`).
 * @throws {DecantError} `GCP_SCOPE_INVALID`, or `GCP_TOKEN_URI` for a key whose token endpoint is not
 * https.
 *
 * @example
 * ```ts
 * import { type ServiceAccountKey, serviceAccountProvider } from "@decant/gcp-auth";
 *
 * async function listBuckets(key: ServiceAccountKey): Promise<unknown> {
 *   const provider = serviceAccountProvider({ key, scopes: "devstorage.read_only" });
 *   const token = await provider.getToken({});
 *   const url = `https://storage.googleapis.com/storage/v1/b?project=${key.project_id}`;
 *   const response = await fetch(url, { headers: { authorization: `Bearer ${token.value}` } });
 *   return response.json();
 * }
 * ```
 */
export function serviceAccountProvider(options: ServiceAccountProviderOptions): TokenProvider {
  const { key, subject, now = Date.now, random = Math.random, timeoutMs = 10_000 } = options;
  checkTokenUri(key.token_uri, key.client_email);
  const defaultScopes = expandScopes(options.scopes ?? []);
  const cached = createTokenCache(now);

  function mint(scopes: readonly string[], signal: AbortSignal): Promise<ExpiringToken> {
    const effects = { fetch: options.fetch ?? globalThis.fetch, now, timeoutMs, signal };
    return retry(() => requestToken({ key, scopes, subject }, effects), {
      sleep: options.sleep ?? sleep,
      random,
      signal,
    });
  }

  return {
    name: "gcp",
    async getToken(request) {
      checkRequest(request);
      const scopes = request.scopes?.length ? expandScopes(request.scopes) : defaultScopes;
      const token = await cached(scopes.toSorted().join(" "), {
        minTtlMs: request.minTtlMs ?? defaultMinTtlMs,
        signal: request.signal,
        mint: (signal) => mint(scopes, signal),
      });
      checkTtl(token.expiresAt.getTime() - now(), request.minTtlMs ?? 0);
      // A Date can be changed, and the kept one is shared by all callers.
      return { ...token, expiresAt: new Date(token.expiresAt) };
    },
  };
}

function checkRequest({ audience, minTtlMs = 0 }: TokenRequest): void {
  if (audience !== undefined) {
    throw new DecantError(
      "GCP_AUDIENCE_UNSUPPORTED",
      `Cannot get a token for the audience ${JSON.stringify(audience)}: Google's access tokens have none`,
      { kind: "usage", hint: "Leave the audience out, and choose scopes instead." },
    );
  }
  if (!(minTtlMs >= 0)) {
    throw new DecantError(
      "GCP_TTL_INVALID",
      `Cannot use the time to live "${minTtlMs}": it is no duration`,
      {
        kind: "usage",
        hint: "Give the milliseconds that the token must still live, 0 or more.",
      },
    );
  }
}

function checkTtl(ttl: number, wanted: number): void {
  if (ttl > wanted) return;
  throw new DecantError(
    "GCP_TTL_UNMET",
    `Cannot get a token that lives for "${formatDuration(wanted)}": a new one lives for ${formatDuration(ttl)}`,
    { kind: "usage", hint: "Ask for a shorter time to live; Google's tokens live for one hour." },
  );
}
