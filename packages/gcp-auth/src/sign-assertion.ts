import type { ServiceAccountKey } from "./parse-service-account-key.ts";
import { signJwt } from "./sign-jwt.ts";

/** What {@linkcode signAssertion} puts in the assertion. */
export interface SignAssertionOptions {
  /** Full scope names, see `expandScopes`. @default {[]} */
  readonly scopes?: readonly string[];
  /** Whom an identity token is wanted for, instead of an access token with scopes. */
  readonly targetAudience?: string;
  /** The user to act for, by domain-wide delegation. */
  readonly subject?: string;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
}

// Google refuses an assertion that is valid for longer.
const lifetimeSeconds = 3600;

/**
 * Signs the JWT that the token endpoint exchanges for an access token or an identity token (RFC 7523 section 3): RS256,
 * valid for one hour, its audience the `token_uri` of the key.
 *
 * Header and claims are those of Google's own library for Node. In particular the header names no
 * key: Google then tries each key of the account.
 *
 * @param key The key to sign with.
 * @param options The scopes, and whom to act for.
 * @returns The JWT in its compact form. It is as good as a token for one hour: never log it.
 * @throws {DecantError} `GCP_KEY_INVALID` when the private key cannot be used.
 *
 * @example
 * ```ts
 * import { expandScopes, type ServiceAccountKey, signAssertion } from "@decant/gcp-auth";
 *
 * async function exchange(key: ServiceAccountKey): Promise<Response> {
 *   const assertion = await signAssertion(key, { scopes: expandScopes("cloud-platform") });
 *   return fetch(key.token_uri, {
 *     method: "POST",
 *     redirect: "manual",
 *     body: new URLSearchParams({
 *       grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
 *       assertion,
 *     }),
 *   });
 * }
 * ```
 */
export async function signAssertion(
  key: ServiceAccountKey,
  options: SignAssertionOptions,
): Promise<string> {
  const iat = Math.floor((options.now ?? Date.now)() / 1000);
  const claims = {
    iss: key.client_email,
    scope: options.targetAudience === undefined ? (options.scopes ?? []).join(" ") : undefined,
    target_audience: options.targetAudience,
    aud: key.token_uri,
    exp: iat + lifetimeSeconds,
    iat,
    sub: options.subject,
  };
  return signJwt(key, { header: { alg: "RS256" }, claims });
}
