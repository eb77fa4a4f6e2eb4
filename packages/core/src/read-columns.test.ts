import fc from "fast-check";
import { expect, test } from "vitest";
import { readColumns } from "./read-columns.ts";
import type { Column } from "./stream.ts";

/** Reads one value, given as JSON, as a column of a type. */
function read(value: string, type: Column["type"]) {
  const [found] = readColumns(`{"v":${value}}`, [{ name: "v", type, paths: [["v"]] }]);
  return found;
}

test.each([
  ["text", '"a"', "a"],
  ["text", "1.50", "1.5"],
  ["text", "9007199254740993", "9007199254740993"],
  ["text", "true", "true"],
  ["text", '"a\\u0000b\\ud800"', "a\ufffdb\ufffd"],
  ["text", "{}", undefined],
  ["text", "null", undefined],
  ["int", "-7", -7],
  ["int", "-0", 0],
  ["int", "7.0", 7],
  ["int", '"12"', 12],
  ["int", "9007199254740993", 9007199254740993n],
  ["int", '"-9223372036854775808"', -(2n ** 63n)],
  ["int", "9223372036854775808", undefined],
  ["int", "1e16", 10n ** 16n],
  ["int", "1e300", undefined],
  ["int", "1.5", undefined],
  ["int", '"0x1f"', undefined],
  ["int", '""', undefined],
  ["int", "true", undefined],
  ["float", "1.5", 1.5],
  ["float", '"-2.5e3"', -2500],
  ["float", "9007199254740993", 9007199254740992],
  ["float", "1e999", undefined],
  ["float", '""', undefined],
  ["float", "[1]", undefined],
  ["bool", "false", false],
  ["bool", '"true"', true],
  ["bool", "1", true],
  ["bool", "2", undefined],
  ["time", '"2026-01-31T12:00:00Z"', "2026-01-31T12:00:00.000000Z"],
  ["time", "1767225600", "2026-01-01T00:00:00.000000Z"],
  ["time", '"yesterday"', undefined],
  ["json", '"a"', '"a"'],
  [
    "json",
    '{"z":1,"a":[9007199254740993,"12345678901234567"]}',
    '{"z":1,"a":[9007199254740993,"12345678901234567"]}',
  ],
  ["json", '"\\ud800\\u0000"', '"\\ud800\\u0000"'],
] as const)("readColumns() fits into %s the value %s", (type, value, expected) => {
  expect(read(value, type)).toStrictEqual(expected);
});

test("readColumns() reads nothing of what is no JSON or too deep", () => {
  expect(read("oops", "text")).toBeUndefined();
  expect(
    read(`[${"[".repeat(200_000)}${"]".repeat(200_000)}, 12345678901234567]`, "json"),
  ).toBeUndefined();
});

test("readColumns() keeps integers of any size in JSON", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt()), (integers) => {
      const text = `[${integers.join(",")}]`;
      expect(read(text, "json")).toBe(text);
    }),
  );
});

test("readColumns() fits any value into any type", () => {
  const types = fc.constantFrom(...(["text", "int", "float", "bool", "time", "json"] as const));
  fc.assert(
    fc.property(fc.json(), types, (json, type) => {
      const value = read(json, type);
      expect(["undefined", "string", "number", "bigint", "boolean"]).toContain(typeof value);
      if (typeof value === "string") expect(value).not.toContain("\0");
      if (typeof value === "string") expect(value.isWellFormed()).toBe(true);
    }),
  );
});
