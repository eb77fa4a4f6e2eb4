import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls } from "./escape-controls.ts";

test.each([
  ["line one\nline two\r\n\tend", "line one\\nline two\\r\\n\\tend"],
  ["\u001b[31mred\u001b]0;title\u0007", "\\x1b[31mred\\x1b]0;title\\x07"],
  ["c1 \u009b31m del \u007f nul \u0000", "c1 \\x9b31m del \\x7f nul \\x00"],
  ["user\u202egnp.exe \u2066x\u2069 \u200e", "user\\u202egnp.exe \\u2066x\\u2069 \\u200e"],
  ["zero\u200bwidth \ufeff \u00ad", "zero\\u200bwidth \\ufeff \\xad"],
  ["sep\u2028\u2029 tag\u{e0041} lone\ud800", "sep\\u2028\\u2029 tag\\u{e0041} lone\\ud800"],
  ["日本 👩‍👩‍👧 می‌خواهم é", "日本 👩‍👩‍👧 می‌خواهم é"],
])("escapeControls() shows %j", (text, expected) => {
  expect(escapeControls(text)).toBe(expected);
});

test("escapeControls() leaves nothing that acts on a terminal", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = escapeControls(text);
      expect(shown).not.toMatch(
        /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u,
      );
      expect(escapeControls(shown)).toBe(shown);
    }),
  );
});
