import fc from "fast-check";
import { expect, test } from "vitest";
import { writeAll } from "./write-all.ts";

/** A file that takes as many bytes a call as it is told to, as a disk that is nearly full does. */
function createShortFile(takes: readonly number[]) {
  const content: number[] = [];
  let calls = 0;
  return {
    content,
    async writev(parts: readonly NodeJS.ArrayBufferView[], position?: number) {
      const bytes = (parts as readonly Uint8Array[]).flatMap((part) => [...part]);
      const bytesWritten = Math.min(bytes.length, takes[calls % takes.length] ?? 0);
      calls += 1;
      for (let at = 0; at < bytesWritten; at += 1) content[(position ?? 0) + at] = bytes[at] ?? 0;
      return { bytesWritten, buffers: parts as NodeJS.ArrayBufferView[] };
    },
  };
}

test("writeAll() writes every byte once, however little a call takes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 })),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      async (parts, takes) => {
        const file = createShortFile(takes);
        const expected = parts.flatMap((part) => [...part]);
        expect(await writeAll(file as never, { parts, position: 0 })).toBe(expected.length);
        expect(file.content).toEqual(expected);
      },
    ),
  );
});

test("writeAll() fails where nothing more is taken", async () => {
  const parts = [new Uint8Array(3)];
  const writing = writeAll(createShortFile([0]) as never, { parts, position: 0 });
  await expect(writing).rejects.toThrow("nothing more could be written");
});
