import { decodePrivateKey } from "./decode-private-key.ts";
import { keyError } from "./key-error.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";

/** What {@linkcode signAssertion} puts in the assertion. */
export interface SignAssertionOptions {
  /** Full scope names, see `expandScopes`. */
  readonly scopes: readonly string[];
  /** The user to act for, by domain-wide delegation. */
  readonly subject?: string;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
}

// Google refuses an assertion that is valid for longer.
const lifetimeSeconds = 3600;
const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const encoder = new TextEncoder();

/**
 * Signs the JWT that the token endpoint exchanges for an access token (RFC 7523 section 3): RS256,
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
    scope: options.scopes.join(" "),
    aud: key.token_uri,
    exp: iat + lifetimeSeconds,
    iat,
    sub: options.subject,
  };
  const input = `${segment({ alg: "RS256" })}.${segment(claims)}`;
  const der = decodePrivateKey(key.private_key, key.client_email);
  let privateKey: CryptoKey;
  try {
    privateKey = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  } catch {
    throw keyError(key.client_email, { state: "its private_key is damaged, or no RSA key" });
  }
  const signature = await crypto.subtle.sign(algorithm.name, privateKey, encoder.encode(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function segment(value: object): string {
  return base64url(encoder.encode(JSON.stringify(value)));
}
