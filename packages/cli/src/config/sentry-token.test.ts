import { expect, test } from "vitest";
import type { ConfigFile } from "./read-config-files.ts";
import { sentryToken } from "./sentry-token.ts";

const local: ConfigFile = { path: "/repo/.sentryclirc", own: false, token: "local-token" };
const home: ConfigFile = { path: "/home/.sentryclirc", own: true, token: "home-token" };
const bare: ConfigFile = { path: local.path, own: false };
const stored = { value: "stored-token", kind: "login", name: "/config/token.json" } as const;
const trusted = { url: "https://s.example.com" };
const untrusted = { url: "https://evil.example", namedBy: local.path };

const env =
  (values: Record<string, string> = {}) =>
  (name: string) =>
    values[name];
const byEnv = env({ SENTRY_AUTH_TOKEN: "env" });
const none = env();

test("sentryToken() prefers variable, file of the project, login, file of the user", () => {
  const both = env({ SENTRY_AUTH_TOKEN: "env", SENTRY_TOKEN: "old" });
  const files = [local, home];
  const value = (found: { readonly value: string }) => found.value;
  expect(value(sentryToken(trusted, { env: both, files, stored }))).toBe("env");
  expect(value(sentryToken(trusted, { env: env({ SENTRY_TOKEN: "old" }), files }))).toBe("old");
  expect(value(sentryToken(trusted, { env: none, files, stored }))).toBe("local-token");
  expect(sentryToken(trusted, { env: none, files: [bare, home], stored })).toEqual(stored);
  expect(sentryToken(trusted, { env: none, files: [bare, home] })).toEqual({
    value: "home-token",
    kind: "file",
    name: home.path,
  });
});

test("sentryToken() says how to get one when there is none", () => {
  expect(() => sentryToken(trusted, { env: none, files: [] })).toThrow(
    expect.objectContaining({
      code: "TOKEN_MISSING",
      kind: "credentials",
      hint: expect.stringContaining("decant auth sentry login"),
    }),
  );
});

test("sentryToken() sends no token from elsewhere to an address that a repository names", () => {
  const other: ConfigFile = { ...local, path: "/repo/sentry.properties" };
  const cases = [
    { env: byEnv, files: [bare] },
    { env: none, files: [bare, home] },
    { env: none, files: [other, bare] },
    { env: byEnv, files: [local, { ...home, url: "https://home.example" }] },
  ];
  for (const inputs of cases) {
    expect(() => sentryToken(untrusted, inputs)).toThrow(
      expect.objectContaining({
        code: "TARGET_UNTRUSTED",
        message: expect.not.stringMatching(/env"|-token/),
      }),
    );
  }
});

test("sentryToken() sends the repository's own token to its own address", () => {
  expect(sentryToken(untrusted, { env: none, files: [local, home] }).value).toBe("local-token");
});

test("sentryToken() sends what was stored for a server there, whoever names it", () => {
  expect(sentryToken(untrusted, { env: none, files: [bare, home], stored })).toBe(stored);
});

test("sentryToken() knows addresses that mean the same as the user's own", () => {
  const region = { url: "https://de.sentry.io", namedBy: local.path };
  expect(sentryToken(region, { env: byEnv, files: [bare] }).value).toBe("env");
  const own = [bare, { ...home, url: "https://evil.example/" }];
  expect(sentryToken(untrusted, { env: byEnv, files: own }).value).toBe("env");
  for (const url of [
    "http://de.sentry.io",
    "https://sentry.io.evil.example",
    "https://evilsentry.io",
  ]) {
    expect(() => sentryToken({ url, namedBy: local.path }, { env: byEnv, files: [bare] })).toThrow(
      expect.objectContaining({ code: "TARGET_UNTRUSTED" }),
    );
  }
});
