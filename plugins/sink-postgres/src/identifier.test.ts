import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitIdentifier, quoteIdentifier } from "./identifier.ts";

test("fitIdentifier() leaves names alone that PostgreSQL keeps", () => {
  expect(fitIdentifier("events")).toBe("events");
  expect(fitIdentifier("e".repeat(63))).toBe("e".repeat(63));
});

test("fitIdentifier() cuts longer ones so that they differ, and no character in two", () => {
  expect(fitIdentifier("e".repeat(64))).toMatch(/^e{54}_[\da-f]{8}$/);
  const name = fc.string({ unit: "binary", minLength: 1, maxLength: 90 });
  const well = name.filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(well, well, (one, other) => {
      const long = [`${one}${"x".repeat(60)}`, `${one}${"x".repeat(60)}${other}`];
      const [first, second] = long.map(fitIdentifier) as [string, string];
      expect(first).not.toBe(second);
      for (const fitted of [first, second]) {
        expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(63);
        expect(fitted).not.toContain("\ufffd");
      }
    }),
    { examples: [["üüüüüüüüüüüüüüüüüüüüüüüüüüüü", "y"]] },
  );
});

test("quoteIdentifier() leaves no way out of the quotes", () => {
  expect(quoteIdentifier('a"; DROP TABLE b; --')).toBe('"a""; DROP TABLE b; --"');
});
