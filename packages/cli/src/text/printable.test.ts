import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("printable() leaves plain text as it is", () => {
  expect(printable("Cannot read “é 日本 👩‍👩‍👧”: no")).toBe("Cannot read “é 日本 👩‍👩‍👧”: no");
});

test("printable() shows what could steer a terminal", () => {
  expect(printable("a\u001b[2Jb\nc\u202ed\u009b")).toBe("a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{9b}");
});

test("printable() leaves no control character, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
    }),
  );
});
