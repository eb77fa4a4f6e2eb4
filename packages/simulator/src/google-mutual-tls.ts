import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import type { GoogleCall } from "./google-call.ts";
import { createCertificate } from "./google-certificate.ts";
import { createSigningKey, type SigningKey } from "./google-jwt.ts";
import { grant, refuseGrant } from "./google-refusal.ts";
import type { GoogleCertificates } from "./google-simulator.ts";
import type { ServerTls } from "./google-tls-front.ts";
import { pem, privateKeyPem } from "./service-account-key.ts";

/** What both sides of mutual TLS are made of. */
export interface MutualTls {
  readonly server: ServerTls;
  readonly client: GoogleCertificates;
}

/** Makes an authority, and certificates by it for the server and for one workload. */
export async function createMutualTls(now: number): Promise<MutualTls> {
  const authority = await createSigningKey("ES256");
  const name = "demo trust anchor";
  const issue = async (key: SigningKey, subject: string, loopback = false) => {
    const issuer = { name, key: authority };
    return pem("CERTIFICATE", await createCertificate(key, { subject, loopback, issuer, now }));
  };
  const ca = pem("CERTIFICATE", await createCertificate(authority, { subject: name, now }));
  const [server, workload] = [await createSigningKey("ES256"), await createSigningKey("ES256")];
  return {
    server: {
      cert: await issue(server, "sts.mtls.googleapis.com", true),
      key: await privateKeyPem(server.privateKey),
    },
    client: {
      ca,
      certificate: await issue(workload, "workload-7"),
      key: await privateKeyPem(workload.privateKey),
    },
  };
}

/**
 * Verifies a chain of certificates, the first of which must be the one that the connection was made
 * with (https://cloud.google.com/iam/docs/workload-identity-federation-with-x509-certificates).
 *
 * @returns The common name.
 */
export async function verifyCertificates(
  token: string,
  { request, world }: GoogleCall,
): Promise<string> {
  const chain = parseChain(token);
  const [leaf] = chain;
  const shown = world.mutualTls?.certificateOf(request.remotePort);
  if (!shown || !world.mutualTls) throw refuse("The connection came without a certificate.");
  if (!leaf?.raw.equals(Buffer.from(shown))) {
    throw refuse("The certificate is not the one of the connection.");
  }
  const anchor = new X509Certificate(world.mutualTls.client.ca);
  const links = [...chain.filter(({ raw }) => !raw.equals(anchor.raw)), anchor];
  const whole = links.every((one, i) => one.verify((links[i + 1] ?? anchor).publicKey));
  if (!whole) throw refuse("The chain of certificates does not lead to the trust anchor.");
  const now = world.now();
  if (links.some((one) => now < Date.parse(one.validFrom) || now > Date.parse(one.validTo))) {
    throw refuse("A certificate has expired.");
  }
  return /^CN=(.*)$/m.exec(leaf.subject)?.[1] ?? "";
}

function parseChain(token: string): X509Certificate[] {
  try {
    const chain = JSON.parse(token) as string[];
    return chain.map((one) => new X509Certificate(Buffer.from(one, "base64")));
  } catch {
    throw refuse("The subject token is no list of certificates.");
  }
}

function refuse(description: string) {
  return refuseGrant(grant(description));
}
