import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePath } from "./parse-path.ts";

test.each([
  ["user.email", ["user", "email"]],
  ["entries.data.headers.X-Forwarded-For", ["entries", "data", "headers", "X-Forwarded-For"]],
  ['extra."a.b".c', ["extra", "a.b", "c"]],
  ['"".x', ["", "x"]],
  ['"a\\"\\u0062"', ['a"b']],
  ["__proto__.ключ", ["__proto__", "ключ"]],
])("parsePath() reads %s", (text, keys) => expect(parsePath(text)).toEqual(keys));

test.each([
  "",
  ".",
  "a.",
  ".a",
  "a..b",
  "a b",
  "entries[].data",
  "entries[0]",
  "a.*",
  '"a',
  'a"b"',
  '"a"b',
  '"\\x"',
  '"a\tb"',
])("parsePath() refuses %j", (text) => {
  expect(() => parsePath(text)).toThrow(
    expect.objectContaining({
      code: "PATH_INVALID",
      kind: "usage",
      message: `Cannot read path "${text}": it is not keys and dots`,
    }),
  );
});

test("parsePath() reads any keys that are written as JSON strings", () => {
  const keys = fc.array(fc.oneof(fc.string(), fc.string({ unit: "binary" })), { minLength: 1 });
  fc.assert(
    fc.property(keys, (some) => {
      expect(parsePath(some.map((key) => JSON.stringify(key)).join("."))).toEqual(some);
    }),
  );
});

test("parsePath() gives keys, or refuses, and nothing in between", () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab."\\[]* ') });
  fc.assert(
    fc.property(text, (some) => {
      let keys: readonly string[];
      try {
        keys = parsePath(some);
      } catch (error) {
        expect(error).toMatchObject({ code: "PATH_INVALID" });
        return;
      }
      expect(parsePath(keys.map((key) => JSON.stringify(key)).join("."))).toEqual(keys);
    }),
  );
});
