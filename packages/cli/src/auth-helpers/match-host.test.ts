import { expect, test } from "vitest";
import { isHostPattern, matchHost } from "./match-host.ts";

const hosts = ["gcr.io", "*.gcr.io", "*.PKG.dev", "localhost:5000"];

test.each(["gcr.io", "eu.gcr.io", "us-docker.pkg.dev", "localhost:5000"])(
  "matchHost() knows %s",
  (host) => {
    expect(matchHost(host, hosts)).toBe(true);
  },
);

test.each([
  "",
  "io",
  "evilgcr.io",
  "gcr.io.evil.com",
  "pkg.dev",
  "gcr.io:8443",
  "localhost",
  "gcr.io.",
])("matchHost() does not know %j", (host) => {
  expect(matchHost(host, hosts)).toBe(false);
});

test("isHostPattern() takes names, ports and what is below a name", () => {
  for (const text of hosts) expect(isHostPattern(text)).toBe(true);
  for (const text of ["", "*", "*.", "*gcr.io", "a.*.b", "https://a", "a/b", "a b", "a:", "-a"]) {
    expect(isHostPattern(text)).toBe(false);
  }
});
