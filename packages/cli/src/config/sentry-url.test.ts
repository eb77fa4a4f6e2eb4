import { expect, test } from "vitest";
import { sentryUrl } from "./sentry-url.ts";

test("sentryUrl() prefers SENTRY_HOST, and takes a bare host", () => {
  const read = (values: Record<string, string>) => sentryUrl((name) => values[name]);
  expect(read({})).toBeUndefined();
  expect(read({ SENTRY_URL: "https://a.example" })).toBe("https://a.example");
  expect(read({ SENTRY_URL: "https://a.example", SENTRY_HOST: "b.example:8443" })).toBe(
    "https://b.example:8443",
  );
  expect(read({ SENTRY_HOST: "http://localhost:9000" })).toBe("http://localhost:9000");
});
