import { expect, test } from "vitest";
import { registryHost } from "./registry-host.ts";

test.each([
  ["gcr.io\n", "gcr.io"],
  ["https://GCR.io", "gcr.io"],
  ["https://index.docker.io/v1/", "index.docker.io"],
  ["gcr.io:443", "gcr.io"],
  ["localhost:5000", "localhost:5000"],
  ["gcr.io.example.com/gcr.io", "gcr.io.example.com"],
])("registryHost() finds the host of %j", (server, host) => {
  expect(registryHost(server)).toBe(host);
});

test.each([
  "",
  "http://gcr.io",
  "gcr.io@example.com",
  "https://a:b@gcr.io",
  "ftp://gcr.io",
  "a b",
  "example.com#gcr.io",
])("registryHost() finds none in %j", (server) => {
  expect(registryHost(server)).toBe("");
});
