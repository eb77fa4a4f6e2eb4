import type { GoogleCall, GoogleReply } from "./google-call.ts";
import { createCertificate } from "./google-certificate.ts";
import { json } from "./reply.ts";
import { pem } from "./service-account-key.ts";

const cached = { headers: { "cache-control": "public, max-age=19000, must-revalidate" } };

/** `/oauth2/v3/certs`: the key that signs identity tokens, as JWK (RFC 7517). */
export async function jwkCerts({ world }: GoogleCall): Promise<GoogleReply> {
  const { kty, n, e } = await crypto.subtle.exportKey("jwk", world.google.publicKey);
  const { kid, alg } = world.google;
  return json({ keys: [{ kty, n, e, kid, alg, use: "sig" }] }, cached);
}

/** `/oauth2/v1/certs`: the same key in certificates by key id, as PEM. */
export async function pemCerts({ world }: GoogleCall): Promise<GoogleReply> {
  const { google, now } = world;
  const subject = "federated-signon.system.gserviceaccount.com";
  const certificate = await createCertificate(google, { subject, now: now() });
  return json({ [google.kid]: pem("CERTIFICATE", certificate) }, cached);
}
