import { expect, test } from "vitest";
import { sentryToken } from "./sentry-token.ts";

const local = { path: "/repo/.sentryclirc", token: "local-token" };
const home = { path: "/home/.sentryclirc", token: "home-token" };
const trusted = { url: "https://s.example.com", trusted: true };
const untrusted = { url: "https://evil.example", trusted: false };

test("sentryToken() prefers the variable, then the project's file, then the home file", () => {
  expect(sentryToken(trusted, { fromEnv: "env", files: { home, local } })).toBe("env");
  expect(sentryToken(trusted, { fromEnv: undefined, files: { home, local } })).toBe("local-token");
  expect(sentryToken(trusted, { fromEnv: undefined, files: { home } })).toBe("home-token");
});

test("sentryToken() says how to get one when there is none", () => {
  expect(() => sentryToken(trusted, { fromEnv: undefined, files: {} })).toThrow(
    expect.objectContaining({ code: "TOKEN_MISSING", kind: "credentials" }),
  );
});

test("sentryToken() sends no token from elsewhere to an address that a repository names", () => {
  const path = "/repo/.sentryclirc";
  const cases = [
    { fromEnv: "env", files: { local: { path } } },
    { fromEnv: undefined, files: { home, local: { path } } },
    { fromEnv: "env", files: { home: { path: home.path, url: "https://home.example" }, local } },
  ];
  for (const inputs of cases) {
    expect(() => sentryToken(untrusted, inputs)).toThrow(
      expect.objectContaining({
        code: "TARGET_UNTRUSTED",
        message: expect.not.stringMatching(/env-|token"/),
      }),
    );
  }
});

test("sentryToken() sends the repository's own token to its own address", () => {
  expect(sentryToken(untrusted, { fromEnv: undefined, files: { home, local } })).toBe(
    "local-token",
  );
});

test("sentryToken() knows addresses that mean the same as the user's own", () => {
  const files = { local: { path: local.path } };
  const region = { url: "https://de.sentry.io", trusted: false };
  expect(sentryToken(region, { fromEnv: "env", files })).toBe("env");
  const own = { home: { path: home.path, url: "https://evil.example/" }, ...files };
  expect(sentryToken(untrusted, { fromEnv: "env", files: own })).toBe("env");
  for (const url of [
    "http://de.sentry.io",
    "https://sentry.io.evil.example",
    "https://evilsentry.io",
  ]) {
    expect(() => sentryToken({ url, trusted: false }, { fromEnv: "env", files })).toThrow(
      expect.objectContaining({ code: "TARGET_UNTRUSTED" }),
    );
  }
});
