import type { TokenProvider } from "@decant/core";
import { credentialProvider } from "./credential-provider.ts";
import { type ProviderEffects, resolveEffects } from "./effects.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import { serviceAccountCredential } from "./service-account-credential.ts";

/** What {@linkcode serviceAccountProvider} works with. */
export interface ServiceAccountProviderOptions extends ProviderEffects {
  readonly key: ServiceAccountKey;
  /** The scopes of a token when a request names none. @default {"cloud-platform"} */
  readonly scopes?: string | readonly string[];
  /** The user to act for, by domain-wide delegation. Absent: the service account itself. */
  readonly subject?: string;
}

/**
 * Makes a provider of Google access tokens and identity tokens from a service account key.
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
  const { key, subject, scopes } = options;
  const effects = resolveEffects(options);
  const found = { source: key.client_email, reason: "its key was given", considered: [] };
  const credential = serviceAccountCredential({ key, subject, effects });
  return credentialProvider(credential, { found, scopes, effects });
}
