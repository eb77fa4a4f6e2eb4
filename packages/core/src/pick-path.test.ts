import fc from "fast-check";
import { expect, test } from "vitest";
import { pickPath } from "./pick-path.ts";

const row = {
  "event.type": "error",
  user: { id: 7, email: null, name: "" },
  tags: [null, 3, { key: "none" }, { key: "a.b", value: 1 }, { key: "a.b", value: 2 }],
  pairs: [["level", "error"], ["empty"]],
  zero: 0,
  no: false,
};

test.each([
  [[["user", "id"]], 7],
  [[["event.type"]], "error"],
  [[["event", "type"], ["event.type"]], "error"],
  [
    [
      ["user", "email"],
      ["user", "id"],
    ],
    7,
  ],
  [
    [
      ["user", "name"],
      ["user", "id"],
    ],
    "",
  ],
  [[["zero"], ["user", "id"]], 0],
  [[["no"], ["user", "id"]], false],
  [[["tags", "a.b"]], 1],
  [[["pairs", "level"]], "error"],
  [
    [
      ["tags", "none"],
      ["pairs", "empty"],
    ],
    undefined,
  ],
  [[["tags", "length"], ["pairs", "0"], ["user", "id", "x"], ["constructor"]], undefined],
  [[], undefined],
  [[[]], row],
])("pickPath() follows %j", (paths, expected) => {
  expect(pickPath(row, paths)).toEqual(expected);
});

test("pickPath() takes any value and any path", () => {
  const paths = fc.array(fc.array(fc.oneof(fc.string(), fc.constantFrom("key", "__proto__"))));
  fc.assert(
    fc.property(fc.jsonValue(), paths, (value, some) => {
      expect(pickPath(value, some)).not.toBe(null);
      expect(typeof pickPath(value, some)).not.toBe("function");
    }),
  );
});

test("pickPath() finds what lies at the end of a path, whatever its keys are", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      // As JSON.parse makes them: also `__proto__` is a key like any other.
      const value: unknown = path.reduceRight(
        (inner, key) => `{${JSON.stringify(key)}:${inner}}`,
        "1",
      );
      expect(pickPath(JSON.parse(String(value)), [path])).toBe(1);
    }),
  );
});
