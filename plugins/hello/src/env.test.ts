import type { OptionValue } from "@decant/core";
import { tokenProviderConformance } from "@decant/core/conformance";
import { expect, test } from "vitest";
import env from "./env.ts";

const secret = "a-very-secret-token";
const now = Date.parse("2026-01-31T12:00:00Z");
const later = "2026-01-31T13:00:00Z";

function open(variables: Record<string, string>, options: Record<string, OptionValue> = {}) {
  return env.open({
    options: { variable: "CI_TOKEN", ...options },
    env: (name) => variables[name],
    readFile: () => Promise.reject(new Error("it reads no file")),
    readStdin: () => Promise.reject(new Error("it reads no input")),
    now: () => now,
    fetch: () => Promise.reject(new Error("it asks nobody")),
  });
}

tokenProviderConformance({
  test,
  open: () => open({ CI_TOKEN: secret, CI_TOKEN_EXPIRES_AT: later }),
  broken: () => open({ CI_TOKEN: secret, CI_TOKEN_EXPIRES_AT: "2026-01-31T12:00:00Z" }),
  secrets: () => [secret],
  now: () => now,
});

async function getToken(...given: Parameters<typeof open>) {
  return await (await open(...given)).getToken({});
}

test("env hands out a token without an end when nobody says when it ends", async () => {
  expect(await getToken({ CI_TOKEN: secret })).toEqual({ value: secret, type: "Bearer" });
  const unset = { CI_TOKEN: secret, CI_TOKEN_TYPE: "", CI_TOKEN_EXPIRES_AT: "" };
  expect(await getToken(unset)).toEqual({ value: secret, type: "Bearer" });
});

test("env reads what stands beside the token, and options win", async () => {
  const beside = { CI_TOKEN: secret, CI_TOKEN_TYPE: "DPoP", CI_TOKEN_EXPIRES_AT: later };
  expect(await getToken(beside)).toEqual({
    value: secret,
    type: "DPoP",
    expiresAt: new Date(later),
  });
  const options = { type: "Bearer", expires: "2026-02-01", principal: "me@example.com" };
  expect(await getToken(beside, options)).toEqual({
    value: secret,
    type: "Bearer",
    expiresAt: new Date("2026-02-01"),
    principal: "me@example.com",
  });
});

test.each([
  ["ENV_TOKEN_MISSING", {}, {}],
  ["ENV_TOKEN_MISSING", { CI_TOKEN: "" }, {}],
  ["ENV_TOKEN_INVALID", { CI_TOKEN: `${secret}\n` }, {}],
  ["ENV_TOKEN_INVALID", { CI_TOKEN: `Bearer ${secret}` }, {}],
  ["ENV_NAME_INVALID", {}, { variable: secret }],
  ["ENV_TIME_INVALID", { CI_TOKEN: secret }, { expires: "tomorrow" }],
  ["ENV_TYPE_INVALID", { CI_TOKEN: secret, CI_TOKEN_TYPE: "Bearer\r\nX:" }, {}],
])("env refuses with %s, and tells no token", async (code, variables, options) => {
  const error = await getToken(variables, options).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code, kind: "credentials", hint: expect.any(String) });
  expect(JSON.stringify([error, String(error)])).not.toContain(secret);
});

test("env cannot give a token other scopes or another audience", async () => {
  const provider = await open({ CI_TOKEN: secret });
  for (const request of [{ scopes: ["read"] }, { audience: "https://example.com" }]) {
    await expect(provider.getToken(request)).rejects.toMatchObject({ code: "ENV_TOKEN_FIXED" });
  }
});
