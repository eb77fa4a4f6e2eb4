import fc from "fast-check";
import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";

test("parseAddress() takes keys as they stand", () => {
  for (const [text, bucket, key] of [
    ["s3://bucket/a.ndjson", "bucket", "a.ndjson"],
    ["s3://my.bucket-1/a/b%20c?d#e +ü.gz", "my.bucket-1", "a/b%20c?d#e +ü.gz"],
    ["s3://bucket/folder/", "bucket", "folder/"],
    ["s3://bucket/", "bucket", ""],
    ["s3://bucket", "bucket", ""],
  ] as const) {
    expect(parseAddress(text)).toEqual({ bucket, key });
  }
});

test("parseAddress() gives back what formatAddress() wrote", () => {
  const part = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
    .filter((text) => !/[/\p{Cc}\p{Cs}]|^\.\.?$/u.test(text));
  const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,60}[a-z0-9]$/);
  fc.assert(
    fc.property(bucket, fc.array(part, { minLength: 1, maxLength: 5 }), (name, parts) => {
      const address = { bucket: name, key: parts.join("/") };
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
  );
});

test("parseAddress() refuses what is no address of an object", () => {
  const bad = [
    "-",
    "",
    "events.ndjson",
    "/tmp/x",
    "https://bucket/x",
    "s3:/bucket/x",
    "s3://",
    "s3:///x",
  ];
  const names = [
    "a//b",
    "/a",
    "../a",
    "a/..",
    "./a",
    "a\nb",
    "a\u0000",
    "\ud800",
    "x".repeat(1000),
  ];
  for (const text of [...bad, ...names.map((name) => `s3://bucket/${name}`), "s3://b!/x"]) {
    expect(() => parseAddress(text), text).toThrow(
      expect.objectContaining({ code: "OUTPUT_INVALID", kind: "usage" }),
    );
  }
});
