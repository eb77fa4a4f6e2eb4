import { expect, test } from "vitest";
import { parseHost } from "./parse-host.ts";

test("parseHost() reads names and ports", () => {
  expect(parseHost("GCR.io", "https")?.host).toBe("gcr.io");
  expect(parseHost("gcr.io:443", "https")?.host).toBe("gcr.io");
  expect(parseHost("localhost:5000", "http")?.host).toBe("localhost:5000");
});

test.each([
  ...["", ".gcr.io", "gcr.io.", "*.gcr.io", "gcr.io:", "gcr.io:99999", "me@gcr.io", "gcr.io\r"],
  ...[
    "evil.example\n.gcr.io",
    "gcr.i%6f",
    "ｇcr.io",
    "gcr.io\\.evil.example",
    "gcr.io?.evil.example",
  ],
  ...["gcr.io/.evil.example", "gcr.io#.evil.example", "[::1]"],
])("parseHost() reads no host in %j", (text) => {
  expect(parseHost(text, "https")).toBeUndefined();
});

test.each(["", "ssh", "https:", "https://gcr.io/?"])("parseHost() does not know %j", (protocol) => {
  expect(parseHost("gcr.io", protocol)).toBeUndefined();
});
