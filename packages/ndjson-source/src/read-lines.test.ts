import fc from "fast-check";
import { expect, test } from "vitest";
import { readLines } from "./read-lines.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function tooLong(): Error {
  return new Error("too long");
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

test("readLines() splits as split() does, and counts bytes, however chunks are cut", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\n", "\r"), maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (whole, size) => {
      const bytes = encoder.encode(whole);
      const lines: string[] = [];
      let last = 0;
      for await (const line of readLines(chunksOf(bytes, size), { maxBytes: 1_000, tooLong })) {
        lines.push(decoder.decode(line.bytes));
        const feed = bytes[line.next - 1] === 10 ? 1 : 0;
        expect(decoder.decode(bytes.subarray(last, line.next - feed))).toBe(lines.at(-1));
        last = line.next;
      }
      expect(last).toBe(bytes.byteLength);
      const expected = whole.split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(lines).toEqual(expected);
    }),
  );
});

test("readLines() takes no more of a line that is too long than one chunk", async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 10;
      yield new Uint8Array(10).fill(0x61);
    }
  }
  const lines = readLines(endless(), { maxBytes: 25, tooLong });
  await expect(lines.next()).rejects.toThrow("too long");
  expect(read).toBe(30);
});
