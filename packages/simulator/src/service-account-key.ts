import { Buffer } from "node:buffer";
import type { ServiceAccountKey } from "./google-options.ts";

/** A key pair and the file that a user would hold of it. */
export interface ServiceAccount {
  readonly key: ServiceAccountKey;
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** Makes a key of 2048 bits, as Google does. */
export async function createServiceAccount(url: string): Promise<ServiceAccount> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(
    {
      name: "RSASSA-PKCS1-v1_5",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: "SHA-256",
    },
    true,
    ["sign", "verify"],
  );
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey("pkcs8", privateKey)).toString("base64");
  const email = "exporter@demo-project.iam.gserviceaccount.com";
  const keyId = Buffer.from(crypto.getRandomValues(new Uint8Array(20))).toString("hex");
  const key: ServiceAccountKey = {
    type: "service_account",
    project_id: "demo-project",
    private_key_id: keyId,
    private_key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/(.{64})/g, "$1\n").trimEnd()}\n-----END PRIVATE KEY-----\n`,
    client_email: email,
    client_id: "104857600000000000001",
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: `${url}/token`,
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: "googleapis.com",
  };
  return { key, publicKey, privateKey };
}
