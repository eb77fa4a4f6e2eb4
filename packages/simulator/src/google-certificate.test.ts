import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createCertificate } from "./google-certificate.ts";
import { createSigningKey } from "./google-jwt.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each(["RS256", "ES256"] as const)(
  "createCertificate() signs with %s what others can check",
  async (alg) => {
    const root = await createSigningKey(alg);
    const leaf = await createSigningKey("ES256");
    const ca = new X509Certificate(await createCertificate(root, { subject: "root", now }));
    const issuer = { name: "root", key: root };
    const cert = new X509Certificate(
      await createCertificate(leaf, { subject: "leaf", loopback: true, issuer, now }),
    );
    expect(ca.ca).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(cert.ca).toBe(false);
    expect(cert.checkIssued(ca)).toBe(true);
    expect(cert.verify(ca.publicKey)).toBe(true);
    expect(cert.verify(cert.publicKey)).toBe(false);
    expect(cert.subject).toBe("CN=leaf");
    expect(cert.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(Date.parse(cert.validFrom)).toBe(now - 86_400_000);
  },
);
