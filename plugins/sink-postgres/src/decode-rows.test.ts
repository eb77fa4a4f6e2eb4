import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createByteWriter } from "./byte-writer.ts";
import { copyHeader, copyTrailer } from "./copy-format.ts";
import { decodeRows } from "./decode-rows.ts";

test("decodeRows() gives each value, however the bytes are cut", async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), cuts, async (values, sizes) => {
      const out = createByteWriter(0);
      for (const value of values) {
        out.int16(1);
        out.bytes(value);
      }
      const bytes = Buffer.concat([copyHeader, out.taken(), copyTrailer]);
      async function* chunks() {
        for (let at = 0, turn = 0; at < bytes.byteLength; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          yield bytes.subarray(at, at + size);
          at += size;
        }
      }
      const found: Uint8Array[] = [];
      for await (const page of decodeRows(chunks())) found.push(...page);
      expect(found.map((value) => [...value])).toEqual(values.map((value) => [...value]));
    }),
  );
});
