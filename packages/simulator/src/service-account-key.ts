import { Buffer } from "node:buffer";
import type { ServiceAccountKey } from "./google-credentials.ts";
import { createSigningKey, type SigningKey } from "./google-jwt.ts";

/** A key pair and the file that a user would hold of it. */
export interface ServiceAccount {
  readonly key: ServiceAccountKey;
  readonly signing: SigningKey;
}

/** Makes a service account with a key of 2048 bits, as Google does. */
export async function createServiceAccount(
  url: string,
  { email, id, project }: { email: string; id: string; project: string },
): Promise<ServiceAccount> {
  const signing = await createSigningKey("RS256");
  const key: ServiceAccountKey = {
    type: "service_account",
    project_id: project,
    private_key_id: signing.kid,
    private_key: await privateKeyPem(signing.privateKey),
    client_email: email,
    client_id: id,
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: `${url}/token`,
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: "googleapis.com",
  };
  return { key, signing };
}

/** A private key as PKCS#8 in PEM. */
export async function privateKeyPem(key: CryptoKey): Promise<string> {
  return pem("PRIVATE KEY", new Uint8Array(await crypto.subtle.exportKey("pkcs8", key)));
}

/** Bytes in PEM (RFC 7468). */
export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/(.{64})/g, "$1\n")
    .trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
