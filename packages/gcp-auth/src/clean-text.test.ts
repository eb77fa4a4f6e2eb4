import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "./clean-text.ts";

test("cleanText() keeps what a server says in words", () => {
  expect(cleanText("Invalid JWT Signature.")).toBe("Invalid JWT Signature.");
});

test("cleanText() cuts what is as long as a token", () => {
  expect(cleanText(`got ${"eyJhbGciOiJSUzI1NiJ9.".repeat(3)} here`)).toBe("got ... here");
});

test("cleanText() gives one short line without control characters", () => {
  expect(cleanText("a\u001b[31m\r\nb\u202ec")).toBe("a [31m b c");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(cleanText(text)).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}]{0,200}$/u);
    }),
  );
});
