import { encodeBase64Url } from "./base64.ts";
import { decodePrivateKey } from "./decode-private-key.ts";
import { keyError } from "./key-error.ts";
import type { ServiceAccountKey } from "./parse-service-account-key.ts";

/** The two parts of a JWT that are signed. */
export interface JwtParts {
  readonly header: object;
  readonly claims: object;
}

const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const encoder = new TextEncoder();

/**
 * Signs a JWT with RS256.
 *
 * @throws {DecantError} `GCP_KEY_INVALID` when the private key cannot be used.
 */
export async function signJwt(
  key: Pick<ServiceAccountKey, "client_email" | "private_key">,
  { header, claims }: JwtParts,
): Promise<string> {
  const input = `${segment(header)}.${segment(claims)}`;
  const der = decodePrivateKey(key.private_key, key.client_email);
  let privateKey: CryptoKey;
  try {
    privateKey = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  } catch {
    throw keyError(key.client_email, { state: "its private_key is damaged, or no RSA key" });
  }
  const signature = await crypto.subtle.sign(algorithm.name, privateKey, encoder.encode(input));
  return `${input}.${encodeBase64Url(new Uint8Array(signature))}`;
}

function segment(value: object): string {
  return encodeBase64Url(encoder.encode(JSON.stringify(value)));
}
