import fc from "fast-check";
import { expect, test } from "vitest";
import { joinParts } from "./join-parts.ts";

const MiB = 1 << 20;

test("joinParts() keeps all bytes in order, in pieces of up to 1 MiB", () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 * MiB }));
  fc.assert(
    fc.property(fc.array(size, { maxLength: 12 }), (sizes) => {
      const parts = sizes.map((bytes, index) => new Uint8Array(bytes).fill(index + 1));
      const pieces = [...joinParts(parts)];
      expect(Buffer.concat(pieces).equals(Buffer.concat(parts))).toBe(true);
      for (const piece of pieces) {
        expect(piece.byteLength).toBeGreaterThan(0);
        expect(piece.byteLength <= MiB || sizes.includes(piece.byteLength)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test("joinParts() does not copy what stands alone", () => {
  const large = new Uint8Array(2 * MiB);
  expect([...joinParts([new Uint8Array([1]), large])][1]).toBe(large);
  expect([...joinParts([])]).toEqual([]);
});
