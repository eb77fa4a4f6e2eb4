import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText } from "./clean-text.ts";

test("cleanText() gives one short line that holds no secret, whatever a server says", () => {
  const secret = fc.string({ minLength: 8, maxLength: 80 });
  const around = fc.string({ unit: "binary", maxLength: 60 });
  fc.assert(
    fc.property(around, secret, around, (before, hidden, after) => {
      const text = cleanText(before + hidden + after, [hidden]);
      expect(text.length).toBeLessThanOrEqual(200);
      expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      if (!(before + after).includes(hidden)) expect(text).not.toContain(hidden);
    }),
  );
});
