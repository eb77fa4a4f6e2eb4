import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { request } from "node:https";
import { expect, test } from "vitest";
import { createCertificate } from "./google-certificate.ts";
import { createSigningKey } from "./google-jwt.ts";
import { pem, privateKeyPem } from "./service-account-key.ts";
import { startGoogle } from "./start-google.ts";

const google = await startGoogle({ mutualTls: true });
const { ca, certificate, key } = google.certificates!;
const { token_url, audience, subject_token_type } =
  google.credentials.externalAccountCertificate("config.json");

const subjectToken = (...certificates: string[]) =>
  JSON.stringify(certificates.map((one) => new X509Certificate(one).raw.toString("base64")));

async function exchange(url: string, token: string, tls: { cert?: string; key?: string }) {
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    ...{ audience, subject_token_type, subject_token: token },
    scope: "https://www.googleapis.com/auth/cloud-platform",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
  });
  return new Promise<{ status: number | undefined; body: Record<string, string> }>(
    (resolve, reject) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const options = { method: "POST", headers, ca, agent: false, ...tls } as const;
      const sent = request(url, options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, body: JSON.parse(text) });
      });
      sent.once("error", reject);
      sent.end(body.toString());
    },
  );
}

test("startGoogle() takes the certificate of the connection for a proof", async () => {
  const good = await exchange(token_url, subjectToken(certificate), { cert: certificate, key });
  expect(good.status).toBe(200);
  expect(google.issued.at(-1)?.principal).toMatch(/demo-pool\/subject\/workload-7$/);
  const chain = await exchange(token_url, subjectToken(certificate, ca), {
    cert: certificate,
    key,
  });
  expect(chain.status).toBe(200);
});

test("startGoogle() refuses a certificate that the connection was not made with", async () => {
  expect(await exchange(token_url, subjectToken(certificate), {})).toMatchObject({
    status: 400,
    body: { error: "invalid_grant", error_description: expect.stringContaining("without") },
  });
  expect(await exchange(token_url, "{}", { cert: certificate, key })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

test("startGoogle() refuses a certificate that its authority did not sign", async () => {
  const own = await createSigningKey("ES256");
  const der = await createCertificate(own, { subject: "workload-7", now: Date.now() });
  const cert = pem("CERTIFICATE", der);
  const tls = { cert, key: await privateKeyPem(own.privateKey) };
  expect(await exchange(token_url, subjectToken(cert), tls)).toMatchObject({
    status: 400,
    body: { error_description: expect.stringContaining("trust anchor") },
  });
});

test("startGoogle() has no mutual TLS unless asked", async () => {
  await using plain = await startGoogle();
  expect(() => plain.credentials.externalAccountCertificate("x")).toThrow("mutualTls: true");
});
