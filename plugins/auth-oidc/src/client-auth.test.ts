import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { discovery, startFake } from "./testing/fake-server.ts";
import { open } from "./testing/open.ts";
import { clientSecret, machine, startServer } from "./testing/start-server.ts";

const keys = {
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  EdDSA: generateKeyPairSync("ed25519"),
};
type Name = keyof typeof keys;
const names = Object.keys(keys) as Name[];
const server = await startServer({
  clients: names.map((name) =>
    machine(name, "private_key_jwt", {
      token_endpoint_auth_signing_alg: name,
      jwks: { keys: [{ ...keys[name].publicKey.export({ format: "jwk" }), kid: "one" } as never] },
    }),
  ),
  algorithms: names,
});
const fake = await startFake();
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fake[Symbol.asyncDispose]();
});

function pem(key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8"): string {
  return key.export({ format: "pem", type: type as "pkcs8" }) as string;
}

/** What is needed to open a provider with a key in a file. */
function withKey(text: string, options: Record<string, string> = {}) {
  return {
    options: { "client-secret": undefined, "key-file": "key", ...options },
    context: { readFile: async () => new TextEncoder().encode(text) },
  };
}

test.each(["machine", "poster"])(
  "a secret with odd characters is sent as %s wants it",
  async (id) => {
    const method = id === "poster" ? "client_secret_post" : "client_secret_basic";
    const provider = await open(server, { options: { "client-id": id, "auth-method": method } });
    expect(await provider.getToken({})).toMatchObject({ principal: id });
  },
);

test("a secret is taken from a file, and sent in the form that the server knows", async () => {
  fake.answers[discovery] = {
    body: {
      ...{ issuer: fake.issuer, token_endpoint: `${fake.issuer}/token` },
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt"],
    },
  };
  const options = { "client-secret": undefined, "client-secret-file": "secret" };
  const readFile = async () => new TextEncoder().encode(`${clientSecret}\n`);
  await (await open(fake, { options, context: { readFile } })).getToken({});
  expect(fake.log.at(-1)!.form.get("client_secret")).toBe(clientSecret);
  expect(fake.log.at(-1)!.headers.authorization).toBeUndefined();
});

test.each(names)("a %s key proves who the client is, in PEM and as a JWK", async (name) => {
  const { privateKey } = keys[name];
  const jwk = privateKey.export({ format: "jwk" });
  const other = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const set = {
    keys: [
      { ...other, kid: "two" },
      { ...jwk, kid: "one" },
    ],
  };
  const forms = [
    withKey(pem(privateKey), { "client-id": name }),
    withKey(pem(privateKey), { "client-id": name, "assertion-audience": "token-endpoint" }),
    withKey(JSON.stringify({ ...jwk, kid: "one", use: "sig" }), { "client-id": name }),
    withKey(JSON.stringify(set), { "client-id": name, "key-id": "one" }),
  ];
  for (const form of forms) {
    expect(await (await open(server, form)).getToken({})).toMatchObject({ principal: name });
  }
});

test("a key of another client is refused, with what to check", async () => {
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const provider = await open(server, withKey(pem(stranger), { "client-id": "ES256" }));
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "OIDC_CLIENT_REFUSED",
    hint: expect.stringContaining("--auth-method"),
  });
});

test("a wrong clock is named where a signature is refused", async () => {
  const now = () => Date.now() - 3_600_000;
  const { options, context } = withKey(pem(keys.ES256.privateKey), { "client-id": "ES256" });
  const provider = await open(server, { options, context: { ...context, now } });
  await expect(provider.getToken({})).rejects.toMatchObject({
    code: "OIDC_CLOCK_SKEW",
    hint: "The clock of this machine is 60 min slow: set it.",
  });
});

test("a key signs in the way that the server takes, or the server's ways are named", async () => {
  const metadata = { issuer: fake.issuer, token_endpoint: `${fake.issuer}/token` };
  const taking = (...algorithms: string[]) => ({
    body: { ...metadata, token_endpoint_auth_signing_alg_values_supported: algorithms },
  });
  fake.answers[discovery] = taking("PS256", "HS256");
  const { privateKey } = keys.RS256;
  await (await open(fake, withKey(pem(privateKey), { "key-id": "k" }))).getToken({});
  const [header, payload] = fake.log
    .at(-1)!
    .form.get("client_assertion")!
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString());
  expect(JSON.parse(header!)).toEqual({ alg: "PS256", kid: "k" });
  expect(JSON.parse(payload!)).toMatchObject({ iss: "machine", sub: "machine", aud: fake.issuer });

  fake.answers[discovery] = taking("ES512");
  const unfit = await open(fake, withKey(pem(privateKey)));
  await expect(unfit.getToken({})).rejects.toMatchObject({
    code: "OIDC_KEY_UNFIT",
    hint: "Use a key for one of ES512.",
  });
});

test("a certificate is shown to the addresses that the server has for it", async () => {
  fake.answers[discovery] = {
    body: {
      ...{ issuer: fake.issuer, token_endpoint: `${fake.issuer}/elsewhere` },
      mtls_endpoint_aliases: { token_endpoint: `${fake.issuer}/token` },
    },
  };
  const shown: object[] = [];
  const options = { "client-secret": undefined, "key-file": "k", "certificate-file": "c" };
  const readFile = async (path: string) => new TextEncoder().encode(`content of ${path}`);
  const fetchWithCertificate = (certificate: object) => {
    shown.push(certificate);
    return fetch;
  };
  const provider = await open(fake, { options, context: { readFile, fetchWithCertificate } });
  await provider.getToken({});
  expect(shown).toEqual([{ cert: "content of c", key: "content of k" }]);
  expect(fake.log.at(-1)).toMatchObject({ path: "/token" });
  expect(fake.log.at(-1)!.form.get("client_id")).toBe("machine");
  await expect(open(fake, { options, context: { readFile } })).rejects.toMatchObject({
    code: "OIDC_HOST_UNABLE",
  });
});
