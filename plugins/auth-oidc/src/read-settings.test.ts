import type { OptionValue } from "@decant/core";
import { expect, test } from "vitest";
import { open } from "./testing/open.ts";

const secret = "a secret of the client";
const issuer = "https://id.example.com";

function openWith(options: Record<string, OptionValue>) {
  return open({ issuer }, { options: { "client-secret": secret, ...options } });
}

const none = { "client-secret": undefined };

test.each<[string, string, Record<string, OptionValue>]>([
  ["OIDC_OPTION_MISSING", "a server", { issuer: "" }],
  ["OIDC_OPTION_MISSING", "a client id", { "client-id": undefined }],
  ["OIDC_OPTION_MISSING", "a secret or a key", none],
  ["OIDC_OPTION_MISSING", "a secret or a key", { ...none, "auth-method": "client_secret_post" }],
  ["OIDC_OPTION_MISSING", "a key", { "auth-method": "private_key_jwt" }],
  ["OIDC_OPTION_MISSING", "a certificate", { "auth-method": "tls_client_auth", "key-file": "k" }],
  ["OIDC_OPTION_MISSING", "a certificate", { "certificate-file": "c" }],
  ["OIDC_OPTION_MISSING", "a refresh token", { grant: "refresh-token" }],
  ["OIDC_OPTION_CONFLICT", "a secret and a key", { "key-file": "k" }],
  ["OIDC_OPTION_CONFLICT", "DECANT_OIDC_CLIENT_SECRET", { "client-secret-file": "s" }],
  [
    "OIDC_OPTION_CONFLICT",
    "standard input",
    { ...none, "key-file": "-", "refresh-token-file": "-", grant: "refresh-token" },
  ],
  ["OIDC_FILE_UNREADABLE", "there is no such file", { ...none, "key-file": "nowhere.pem" }],
  ["OIDC_FILE_UNREADABLE", "there is no such file", { ...none, "client-secret-file": "nowhere" }],
  ["OIDC_PARAMETER_INVALID", "NAME=VALUE", { parameter: ["tenant"] }],
  ["OIDC_PARAMETER_INVALID", "NAME=VALUE", { parameter: ["=a"] }],
  [
    "OIDC_PARAMETER_INVALID",
    '"client_secret"',
    { parameter: ["tenant=a", `client_secret=${secret}`] },
  ],
  ["OIDC_URL_UNSAFE", "not safe", { issuer: "http://id.example.com" }],
  ["OIDC_URL_UNSAFE", "not safe", { issuer: "http://localhost.example.com" }],
  ["OIDC_URL_UNSAFE", "not https", { issuer: "ftp://id.example.com" }],
  ["OIDC_URL_UNSAFE", "a user or a password", { issuer: `https://me:${secret}@example.com` }],
  ["OIDC_URL_UNSAFE", "no address", { issuer: "id.example.com" }],
  ["OIDC_URL_UNSAFE", "a query", { issuer: "https://id.example.com/?tenant=a" }],
  ["OIDC_URL_UNSAFE", "a fragment", { "token-endpoint": "https://id.example.com/#a" }],
  ["OIDC_URL_UNSAFE", "not safe", { "device-endpoint": "http://id.example.com/device" }],
])("options are refused with %s: %s", async (code, words, options) => {
  const error = await openWith(options).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(error).toMatchObject({ hint: expect.stringMatching(/\S/) });
  expect(JSON.stringify([error, String(error)])).not.toContain(secret);
});

test("an empty file is no secret, and what a host says of a file is passed on", async () => {
  const options = { ...none, "client-secret-file": "s" };
  const reading = (readFile: () => Promise<Uint8Array>) =>
    open({ issuer }, { options, context: { readFile } });
  await expect(reading(async () => new TextEncoder().encode("\n"))).rejects.toMatchObject({
    message: 'Cannot read "s": it is empty',
  });
  const folder = Object.assign(new Error(secret), { code: "EISDIR" });
  const error = await reading(() => Promise.reject(folder)).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ message: 'Cannot read "s": it is a folder' });
});

test("the address of a server's description stands for its issuer", async () => {
  for (const path of ["openid-configuration", "oauth-authorization-server"]) {
    const provider = await openWith({ issuer: `${issuer}/tenant/.well-known/${path}` });
    expect(await provider.explain!()).toMatchObject({
      kind: "client-credentials",
      source: `${issuer}/tenant`,
      principal: "machine",
      endpoints: [`${issuer}/tenant/.well-known/openid-configuration`],
      warnings: [],
    });
  }
});

test("identity tells credentials apart by all that shapes a token, without a secret", async () => {
  const identities = await Promise.all(
    [
      {},
      { issuer: `${issuer}/b` },
      { "client-id": "b" },
      { parameter: ["tenant=b"] },
      { "audience-parameter": "audience" },
      { "token-endpoint": `${issuer}/token` },
      { grant: "refresh-token", "refresh-token": `${secret} 1` },
      { grant: "refresh-token", "refresh-token": `${secret} 2` },
    ].map(async (options) => (await openWith(options)).identity!),
  );
  expect(new Set(identities).size).toBe(identities.length);
  expect(identities.join()).not.toContain(secret);
  expect((await openWith({ "auth-method": "client_secret_post" })).identity).toBe(identities[0]);
});
