import { expect, test } from "vitest";
import { readOptions } from "./read-options.ts";

test("readOptions() knows what goes without saying", () => {
  expect(readOptions({})).toEqual({
    pathStyle: false,
    attempts: 10,
    gzip: false,
    partBytes: 8 * 2 ** 20,
  });
  const endpoint = "http://127.0.0.1:9000";
  expect(readOptions({ endpoint })).toMatchObject({ endpoint, pathStyle: true });
  expect(readOptions({ endpoint, "path-style": false })).toMatchObject({ pathStyle: false });
  expect(readOptions({ "kms-key": "k" })).toMatchObject({ encryption: "aws:kms", kmsKey: "k" });
});

test("readOptions() refuses what can be nothing, and shows no password", () => {
  for (const options of [
    { endpoint: "127.0.0.1:9000" },
    { endpoint: "ftp://host" },
    { endpoint: "https://host/?a=b" },
    { endpoint: "https://user:secret@host" },
    { "kms-key": "k", encryption: "AES256" },
  ]) {
    expect(() => readOptions(options)).toThrow(
      expect.objectContaining({
        code: "OPTION_INVALID",
        kind: "usage",
        message: expect.not.stringContaining("secret"),
      }),
    );
  }
});
