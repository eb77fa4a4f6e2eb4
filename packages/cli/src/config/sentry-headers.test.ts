import { expect, test } from "vitest";
import type { ConfigFile } from "./read-config-files.ts";
import { sentryHeaders } from "./sentry-headers.ts";

const url = "https://s.example.com";
const home: ConfigFile = { path: "/home/.sentryclirc", own: true, url, header: "X-A: home" };
const local: ConfigFile = { path: "/repo/.sentryclirc", own: false, url, header: "X-A: local" };
const env =
  (values: Record<string, string> = {}) =>
  (name: string) =>
    values[name];
const none = { env: env(), files: [], given: [] };

test("sentryHeaders() reads each variable, and the later one wins", () => {
  const all = {
    CUSTOM_HEADER: "X-A: 1",
    SENTRY_CUSTOM_HEADERS: "X-B: 2; x-a: 2\nX-C: a=1; b=2",
    DECANT_HEADERS: "X-D: 3\n\nX-B: 3",
  };
  expect(sentryHeaders({ url }, { env: env(all), files: [], given: ["X-D: 4"] })).toEqual({
    "x-a": "2",
    "X-B": "3",
    "X-C": "a=1; b=2",
    "X-D": "4",
  });
});

test("sentryHeaders() sends a header of a file to the server that the file names", () => {
  const files = [local, home];
  expect(sentryHeaders({ url }, { ...none, files: [home] })).toEqual({ "X-A": "home" });
  expect(sentryHeaders({ url, namedBy: local.path }, { ...none, files })).toEqual({
    "X-A": "local",
  });
  expect(sentryHeaders({ url: "https://other.example" }, { ...none, files })).toEqual({});
});

test("sentryHeaders() sends a header of the user's file without an address where the user says", () => {
  const { url: _, ...bare } = home;
  expect(sentryHeaders({ url }, { ...none, files: [bare] })).toEqual({ "X-A": "home" });
  const evil = { url: "https://evil.example", namedBy: local.path };
  expect(sentryHeaders(evil, { ...none, files: [bare] })).toEqual({});
  expect(sentryHeaders({ url }, { ...none, files: [{ ...bare, own: false }] })).toEqual({});
});

test("sentryHeaders() sends the user's headers to no server that only a project's file names", () => {
  const evil = { url: "https://evil.example", namedBy: local.path };
  for (const name of ["CUSTOM_HEADER", "SENTRY_CUSTOM_HEADERS", "DECANT_HEADERS"]) {
    const inputs = { ...none, env: env({ [name]: "X-Secret: hunter2" }) };
    expect(() => sentryHeaders(evil, inputs)).toThrow(
      expect.objectContaining({
        code: "TARGET_UNTRUSTED",
        message: expect.not.stringContaining("hunter2"),
      }),
    );
  }
  expect(sentryHeaders(evil, none)).toEqual({});
});
