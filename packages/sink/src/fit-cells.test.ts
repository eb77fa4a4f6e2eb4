import fc from "fast-check";
import { expect, test } from "vitest";
import { fitCells } from "./fit-cells.ts";

test.each([
  ["short", 8, "short"],
  ["exactly8", 8, "exactly8"],
  ["rather long", 8, "rather …"],
  ["日本語のエラー", 8, "日本語…"],
  ["日本語", 6, "日本語"],
  ["ｶﾀｶﾅ", 4, "ｶﾀｶﾅ"],
  ["👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["🇩🇪!", 3, "🇩🇪!"],
  ["❤️!", 3, "❤️!"],
  ["", 3, ""],
])("fitCells() fits %j into %i cells", (text, width, expected) => {
  expect(fitCells(text, { width })).toBe(expected);
});

test("fitCells() fills up to the width", () => {
  expect(fitCells("ab", { width: 4, pad: true })).toBe("ab  ");
  expect(fitCells("日本語", { width: 4, pad: true })).toBe("日… ");
  expect(fitCells("日本", { width: 4, pad: true })).toBe("日本");
});

test("fitCells() keeps a beginning of the text, and plain text to the cell", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const fitted = fitCells(text, { width });
      expect(text.startsWith(fitted.replace(/…$/, ""))).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(fitCells(text, { width }).length).toBe(Math.min(width, text.length));
      expect(fitCells(text, { width, pad: true }).length).toBe(width);
    }),
  );
});
