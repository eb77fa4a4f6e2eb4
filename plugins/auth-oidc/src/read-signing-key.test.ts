import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSigningKey } from "./read-signing-key.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const good = ec.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const jwk = ec.privateKey.export({ format: "jwk" });

const cases: readonly (readonly [string, string, string])[] = [
  ["nothing", "", "it is neither PEM nor a JWK"],
  ["words", "my key", "it is neither PEM nor a JWK"],
  ["PKCS #1", pem(rsa.privateKey, "pkcs1"), "it is not of the form PKCS #8"],
  ["SEC 1", pem(ec.privateKey, "sec1"), "it is not of the form PKCS #8"],
  [
    "a public key",
    ec.publicKey.export({ format: "pem", type: "spki" }) as string,
    "it holds no private key",
  ],
  ["an encrypted key", encrypted(), "it is encrypted"],
  [
    "PEM of nothing",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "it is no RSA, EC or Ed25519 key",
  ],
  ["PEM that is damaged", good.replace(/\n.{9}/, "\n!"), "it is damaged"],
  [
    "a public JWK",
    JSON.stringify(ec.publicKey.export({ format: "jwk" })),
    "it holds no private key",
  ],
  [
    "a JWK of a secret",
    JSON.stringify({ kty: "oct", k: "AAAA", d: "AAAA" }),
    "it is no RSA, EC or Ed25519 key",
  ],
  ["a damaged JWK", JSON.stringify({ ...jwk, d: "AAAA" }), "it is damaged"],
  ["JSON that is cut off", JSON.stringify(jwk).slice(0, -5), "it is damaged"],
  ["a set of several", JSON.stringify({ keys: [jwk, jwk] }), "it holds several keys"],
  ["a set of none", JSON.stringify({ keys: [] }), "it holds no private key"],
  [
    "a credential of Google",
    JSON.stringify({ type: "service_account", private_key: good }),
    "it holds no private key",
  ],
];

function pem(key: typeof rsa.privateKey, type: "pkcs1" | "sec1"): string {
  return key.export({ format: "pem", type: type as "pkcs1" }) as string;
}

function encrypted(): string {
  const how = { format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: "p" } as const;
  return ec.privateKey.export(how) as string;
}

test.each(cases)("readSigningKey() says what is wrong with %s", async (_, text, state) => {
  await expect(readSigningKey(text, { source: "key.pem", kid: undefined })).rejects.toMatchObject({
    code: "OIDC_KEY_INVALID",
    kind: "credentials",
    message: `Cannot use "key.pem" as a key: ${state}`,
  });
});

test("readSigningKey() takes the algorithm and the id of a JWK, and an id that is given", async () => {
  const named = { ...rsa.privateKey.export({ format: "jwk" }), alg: "PS256", kid: "one" };
  const text = JSON.stringify(named);
  const key = await readSigningKey(text, { source: "k", kid: undefined });
  expect(key).toMatchObject({ algorithms: ["PS256"], kid: "one" });
  expect((await key.load("PS256")).algorithm.name).toBe("RSA-PSS");
  expect((await readSigningKey(text, { source: "k", kid: "two" })).kid).toBe("two");
  const set = JSON.stringify({ keys: [named, { ...jwk, kid: "other" }] });
  await expect(readSigningKey(set, { source: "k", kid: "none" })).rejects.toMatchObject({
    message: 'Cannot use "k" as a key: it has no key of this id',
  });
});

test("readSigningKey() reads PEM with text around it and Windows line ends", async () => {
  const text = `subject=me\r\n${good.replaceAll("\n", "\r\n")}more`;
  const key = await readSigningKey(text, { source: "k", kid: "a" });
  expect(key).toMatchObject({ algorithms: ["ES256"], kid: "a" });
});

test("readSigningKey() refuses any other text, and quotes nothing of it", async () => {
  const damaged = fc
    .tuple(fc.nat(good.length - 1), fc.string({ minLength: 1, maxLength: 4 }))
    .map(([at, text]) => good.slice(0, at) + text + good.slice(at + text.length + 1));
  const json = fc.json().map((text) => (text.startsWith("{") ? text : `{"keys":${text}}`));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), damaged, json), async (text) => {
      const error = await readSigningKey(text, { source: "k", kid: undefined }).then(
        () => undefined, // What stands around a key may change.
        (cause: unknown) => cause,
      );
      if (!error) return;
      expect(error).toMatchObject({ code: "OIDC_KEY_INVALID" });
      expect(String(error)).not.toContain(good.slice(60, 90));
    }),
    { numRuns: 200 },
  );
});
