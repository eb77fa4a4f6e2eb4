import { createPublicKey, verify } from "node:crypto";
import { startGoogle } from "@decant/simulator";
import { afterAll, expect, test } from "vitest";
import { signAssertion } from "./sign-assertion.ts";

const google = await startGoogle();
const { key } = google;
afterAll(() => google.close());

const now = () => 1_700_000_000_900;

function decode(segment: string | undefined): unknown {
  return JSON.parse(Buffer.from(segment ?? "", "base64url").toString());
}

test("signAssertion() signs with RS256 and names just the algorithm", async () => {
  const assertion = await signAssertion(key, { scopes: ["a"] });
  const [header, claims, signature, ...rest] = assertion.split(".");
  expect(rest).toEqual([]);
  expect(decode(header)).toEqual({ alg: "RS256" });
  const publicKey = createPublicKey(key.private_key);
  const input = Buffer.from(`${header}.${claims}`);
  expect(verify("RSA-SHA256", input, publicKey, Buffer.from(signature!, "base64url"))).toBe(true);
  expect(assertion).toMatch(/^[\w.-]+$/);
});

test("signAssertion() claims one hour for the key's own endpoint", async () => {
  const assertion = await signAssertion(key, { scopes: ["a", "b"], now });
  expect(decode(assertion.split(".")[1])).toEqual({
    iss: key.client_email,
    scope: "a b",
    aud: google.tokenUri,
    exp: 1_700_003_600,
    iat: 1_700_000_000,
  });
});

test("signAssertion() names the user to act for", async () => {
  const assertion = await signAssertion(key, {
    scopes: ["a"],
    subject: "j\u00f6@acme.example",
    now,
  });
  expect(decode(assertion.split(".")[1])).toMatchObject({ sub: "j\u00f6@acme.example" });
});

test("signAssertion() refuses a key whose bytes are no key", async () => {
  const body = key.private_key.split("\n").slice(1, -2).join("");
  const bytes = Buffer.from(body, "base64").fill(0, 40);
  const private_key = `-----BEGIN PRIVATE KEY-----\n${bytes.toString("base64")}\n-----END PRIVATE KEY-----\n`;
  await expect(signAssertion({ ...key, private_key }, { scopes: ["a"] })).rejects.toMatchObject({
    code: "GCP_KEY_INVALID",
  });
});
