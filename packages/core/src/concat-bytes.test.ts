import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "./concat-bytes.ts";

test("concatBytes() joins any parts in their order", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }), (parts) => {
      expect([...concatBytes(parts)]).toEqual(parts.flatMap((part) => [...part]));
    }),
  );
});

test("concatBytes() gives back a single part without a copy", () => {
  const part = Uint8Array.of(1, 2);
  expect(concatBytes([part])).toBe(part);
});
