import { expect, test } from "vitest";
import { isMetadataHost } from "./is-metadata-host.ts";

test.each([
  ["metadata.google.internal", true],
  ["169.254.169.254", true],
  ["169.254.170.2:80", true],
  ["[fd00:ec2::254]", true],
  ["10.0.0.7:8178", true],
  ["localhost:8179", true],
  ["10.0.0.7", false],
  ["10.0.0.7:8179", false],
  ["169.254.169.254.example.com", false],
  ["metadata.google.internal.example.com", false],
  ["www.googleapis.com", false],
])("isMetadataHost() of %s is %s", (host, expected) => {
  const env: Record<string, string> = {
    GCE_METADATA_HOST: "10.0.0.7:8178",
    GCE_METADATA_ROOT: "http://localhost:8179",
    GCE_METADATA_IP: "not a host",
  };
  expect(isMetadataHost(host, (name) => env[name])).toBe(expected);
});
