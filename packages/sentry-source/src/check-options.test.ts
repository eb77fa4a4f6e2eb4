import { expect, test } from "vitest";
import { createSentrySource } from "./create-sentry-source.ts";

const secret = "s3cr3t";

function errorOf(options: Partial<Parameters<typeof createSentrySource>[0]>): unknown {
  try {
    return createSentrySource({ token: "abc", ...options });
  } catch (error) {
    return error;
  }
}

test.each([
  ["sentry.io", "SENTRY_URL_INVALID"],
  ["", "SENTRY_URL_INVALID"],
  ["ftp://sentry.io", "SENTRY_URL_INVALID"],
  ["https://sentry.io/api/0/", "SENTRY_URL_INVALID"],
  ["https://sentry.io/?x=1", "SENTRY_URL_INVALID"],
  [`https://ann:${secret}@sentry.io`, "SENTRY_URL_INVALID"],
  ["http://sentry.example.com", "SENTRY_URL_INVALID"],
  ["http://localhost.example.com", "SENTRY_URL_INVALID"],
  ["http://127.0.0.1.example.com", "SENTRY_URL_INVALID"],
  ["http://sentry.localhost", "SENTRY_URL_INVALID"],
])("checkUrl() refuses %j", (url, code) => {
  const error = errorOf({ url });
  expect(error).toMatchObject({ code, kind: "usage", hint: expect.any(String) });
  expect(String(error)).not.toContain(secret);
});

test.each([
  "https://sentry.io",
  "https://sentry.io/",
  "https://sentry.example.com:9000",
  "http://localhost:9000",
  "http://127.0.0.1:9000",
  "http://[::1]:9000",
])("checkUrl() takes %s", (url) => {
  expect(createSentrySource({ token: "abc", url }).identity).toBe(new URL(url).origin);
});

test("checkUrl() takes http to another machine where that is allowed", () => {
  const options = { url: "http://sentry.example.com", allowInsecureHttp: true };
  expect(errorOf(options)).toMatchObject({ identity: "http://sentry.example.com" });
});

test.each([
  ["", "SENTRY_TOKEN_INVALID"],
  [`${secret} `, "SENTRY_TOKEN_INVALID"],
  [`${secret}\r\nx: y`, "SENTRY_TOKEN_INVALID"],
  [`"${secret}\u{e9}"`, "SENTRY_TOKEN_INVALID"],
  [`sntrys_${secret}`, "SENTRY_TOKEN_KIND"],
  [`https://${secret}@o1.ingest.sentry.io/1`, "SENTRY_TOKEN_KIND"],
])("checkToken() refuses %j and does not show it", (token, code) => {
  const error = errorOf({ token });
  expect(error).toMatchObject({ code, kind: "credentials", hint: expect.any(String) });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
});

test.each([
  [{ "bad name": "x" }],
  [{ "": "x" }],
  [{ "X-A": `${secret}\n` }],
  [{ "X-A": `${secret}\u{100}` }],
  [{ Authorization: `Basic ${secret}` }],
])("checkHeaders() refuses %j and does not show its value", (headers) => {
  const error = errorOf({ headers: headers as Record<string, string> });
  expect(error).toMatchObject({ code: "SENTRY_OPTION_INVALID", kind: "usage" });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
});

test.each([0, -1, 1.5, Number.NaN])(
  "createSentrySource() refuses concurrency %s",
  (concurrency) => {
    expect(errorOf({ concurrency })).toMatchObject({ code: "SENTRY_OPTION_INVALID" });
  },
);
