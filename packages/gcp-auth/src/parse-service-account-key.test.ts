import { generateKeyPairSync } from "node:crypto";
import { startGoogle } from "@decant/simulator";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { parseServiceAccountKey } from "./parse-service-account-key.ts";

const google = await startGoogle();
const { key } = google;
afterAll(() => google.close());

function parseWith(changes: Record<string, unknown>) {
  return parseServiceAccountKey(JSON.stringify({ ...key, ...changes }), "key.json");
}

function flaw(state: string, code = "GCP_KEY_INVALID") {
  return expect.objectContaining({
    code,
    kind: "credentials",
    retryable: false,
    message: `Cannot use "key.json" as a service account key: ${state}`,
    hint: expect.stringMatching(/\.$|^Convert /),
  });
}

test("parseServiceAccountKey() reads Google's file, also with a byte order mark", () => {
  expect(parseServiceAccountKey(JSON.stringify(key))).toMatchObject({
    type: "service_account",
    client_email: key.client_email,
    private_key: key.private_key,
    token_uri: google.tokenUri,
  });
  expect(parseServiceAccountKey(`\uFEFF${JSON.stringify(key, null, 2)}`)).toMatchObject({
    client_email: key.client_email,
  });
});

test("parseServiceAccountKey() keeps the universe domain, and nothing that it does not know", () => {
  const parsed = parseWith({ universe_domain: "example.goog", auth_uri: "https://x.example" });
  expect(parsed).toMatchObject({ universe_domain: "example.goog" });
  expect(parsed).not.toHaveProperty("auth_uri");
});

test("parseServiceAccountKey() says what is no JSON object", () => {
  const parse = (text: string) => () => parseServiceAccountKey(text, "key.json");
  expect(parse("")).toThrow(flaw("it is empty"));
  expect(parse(" \n")).toThrow(flaw("it is empty"));
  expect(parse("{")).toThrow(flaw("it is not JSON"));
  expect(parse(key.private_key)).toThrow(flaw("it is not JSON, but has a PEM key"));
  for (const text of ["[]", "null", "1", '"x"']) {
    expect(parse(text)).toThrow(flaw("it is not a JSON object"));
  }
});

test("parseServiceAccountKey() says which other file it was given", () => {
  const parse = (file: object) => () => parseServiceAccountKey(JSON.stringify(file), "key.json");
  const other = (state: string) => flaw(state, "GCP_KEY_TYPE");
  expect(parse({ type: "authorized_user", refresh_token: "x" })).toThrow(
    other("it is the login of a user, as gcloud writes it (type authorized_user)"),
  );
  expect(parse({ type: "external_account" })).toThrow(
    other("it is a workload identity federation file (type external_account)"),
  );
  expect(parse({ type: "impersonated_service_account" })).toThrow(
    other("it is a login that impersonates a service account (type impersonated_service_account)"),
  );
  expect(parse({ installed: { client_id: "x" } })).toThrow(other("it is an OAuth client file"));
  expect(parse({ web: { client_id: "x" } })).toThrow(other("it is an OAuth client file"));
  const firebase = other("it is the configuration of a Firebase app");
  expect(parse({ apiKey: "x", projectId: "y" })).toThrow(firebase);
  expect(parse({ project_info: {}, client: [] })).toThrow(firebase);
  expect(parse({})).toThrow(other('it has no "type"'));
  expect(parse({ type: "toString" })).toThrow(other('its "type" is not "service_account"'));
  expect(parse({ type: 1 })).toThrow(other('its "type" is not "service_account"'));
});

test("parseServiceAccountKey() names the fields that are missing or no text", () => {
  const none = { client_email: "", private_key: undefined, token_uri: undefined };
  expect(() => parseWith(none)).toThrow(flaw("it has no client_email, private_key, token_uri"));
  expect(() => parseWith({ token_uri: 1, project_id: null })).toThrow(
    flaw("its token_uri, project_id is not text"),
  );
  for (const client_email of ["robot", "a@b\u001b[2J", "a b@c"]) {
    expect(() => parseWith({ client_email })).toThrow(
      flaw("its client_email is no e-mail address"),
    );
  }
});

test("parseServiceAccountKey() says what a private key is that it cannot use", () => {
  const publicKeyEncoding = { type: "spki", format: "pem" } as const;
  const { privateKey: pkcs1 } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const curve = { namedCurve: "P-256", publicKeyEncoding };
  const { privateKey: ec, publicKey } = generateKeyPairSync("ec", {
    ...curve,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const { privateKey: sec1 } = generateKeyPairSync("ec", {
    ...curve,
    privateKeyEncoding: { type: "sec1", format: "pem" },
  });
  const { privateKey: ed25519 } = generateKeyPairSync("ed25519", {
    publicKeyEncoding,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const cases: readonly [string, string][] = [
    [pkcs1, "its private_key is PKCS#1, not PKCS#8"],
    [ec, "its private_key is an EC key, not an RSA key"],
    [ed25519, "its private_key is damaged, or no RSA key"],
    [sec1, "its private_key is an EC key, not an RSA key"],
    [publicKey, "its private_key is a PUBLIC KEY, not a PRIVATE KEY"],
    ["secret", "its private_key is not PEM"],
    [
      key.private_key.replaceAll("\n", "\\n"),
      "its private_key holds backslash and n where line breaks belong",
    ],
    [key.private_key.replace(/\n.{64}\n/, "\n"), "its private_key is damaged, or no RSA key"],
    [
      key.private_key.replace(/[A-Za-z]{4}\n/, "!!!!\n"),
      "its private_key is damaged, or no RSA key",
    ],
  ];
  for (const [private_key, state] of cases) {
    expect(() => parseWith({ private_key })).toThrow(flaw(state));
  }
});

test("parseServiceAccountKey() takes a token endpoint over https, or http on loopback", () => {
  for (const token_uri of [
    "https://oauth2.googleapis.com/token",
    "https://proxy.example:8443/token",
    "http://localhost:1/token",
    "http://127.0.0.1/token",
    "http://[::1]:1/token",
  ]) {
    expect(parseWith({ token_uri })).toMatchObject({ token_uri });
  }
});

test("parseServiceAccountKey() refuses any other token endpoint", () => {
  const cases: readonly [string, string][] = [
    ["http://oauth2.googleapis.com/token", "is http://oauth2.googleapis.com, which is not https"],
    ["http://127.0.0.1.nip.io/", "is http://127.0.0.1.nip.io, which is not https"],
    ["http://localhost.example/", "is http://localhost.example, which is not https"],
    ["file:///etc/passwd", "is file://, which is not https"],
    ["https://user:word@x.example/", "holds a user or a password"],
    ["https://x.example/#y", "has a fragment"],
    ["/token", "is not an address"],
  ];
  for (const [token_uri, state] of cases) {
    expect(() => parseWith({ token_uri })).toThrow(flaw(`its token_uri ${state}`, "GCP_TOKEN_URI"));
  }
});

test("parseServiceAccountKey() never quotes from a file that is cut off or garbled", () => {
  const text = JSON.stringify(key, null, 2);
  const lines = key.private_key.split("\n").slice(1, -2);
  fc.assert(
    fc.property(fc.nat(text.indexOf("-----END")), fc.string(), (at, garbage) => {
      let error: unknown;
      try {
        parseServiceAccountKey(text.slice(0, at) + garbage);
      } catch (caught) {
        error = caught;
      }
      expect(error).toMatchObject({ kind: "credentials" });
      expect(error).not.toHaveProperty("cause");
      const { message, hint, stack } = error as Error & { hint: string };
      const shown = [message, hint, stack].join("\n");
      expect(lines.some((line) => shown.includes(line))).toBe(false);
    }),
  );
});

test("parseServiceAccountKey() answers any JSON with a key or a DecantError", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(() => parseServiceAccountKey(text)).toThrow(
        expect.objectContaining({ kind: "credentials", code: expect.stringMatching(/^GCP_KEY_/) }),
      );
    }),
  );
});
