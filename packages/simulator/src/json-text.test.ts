import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonInput, rawJson, writeJson } from "./json-text.ts";

test("writeJson() writes what JSON.parse reads, in every style", () => {
  const style = fc.constantFrom("compact" as const, "spaced" as const, "lines" as const);
  fc.assert(
    fc.property(fc.jsonValue(), style, (value, chosen) => {
      const text = writeJson(value as JsonInput, chosen);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("writeJson() keeps text that no value can hold", () => {
  const value = { a: rawJson("12345678901234567890"), b: [rawJson("1.0")], c: undefined };
  expect(writeJson(value)).toBe('{"a":12345678901234567890,"b":[1.0]}');
});

test("writeJson() writes as Python does: UTF-8 as it is, line separators escaped", () => {
  expect(writeJson("é💥\u2028\u0000\u001b")).toBe('"é💥\\u2028\\u0000\\u001b"');
  expect(writeJson([1, { a: 2 }], "spaced")).toBe('[1, {"a": 2}]');
  expect(writeJson([1, { a: [] }], "lines")).toBe('[\n1,\n{\r\n"a": []\r\n}\n]');
});
