import fc from "fast-check";
import { expect, test } from "vitest";
import { readBody } from "./read-body.ts";

const chunks = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 });

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

test("readBody() puts any chunks together, up to the limit, with and without a length", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(200), fc.boolean(), async (parts, limit, sized) => {
      const whole = Buffer.concat(parts);
      const expected = sized ? { expected: whole.length } : {};
      const { bytes, more } = await readBody(streamOf(parts), { limit, ...expected });
      expect(Buffer.from(bytes)).toEqual(whole.subarray(0, limit));
      expect(more).toBe(whole.length > limit);
    }),
  );
});

test("readBody() tells a body that is longer or shorter than announced", async () => {
  const parts = [new Uint8Array(3), new Uint8Array(3)];
  const read = (expected: number) => readBody(streamOf(parts), { limit: 100, expected });
  expect(await read(5)).toMatchObject({ more: true });
  expect(await read(7)).toMatchObject({ more: false, bytes: new Uint8Array(6) });
});

test("readBody() takes no body for an empty one", async () => {
  expect(await readBody(null, { limit: 1 })).toEqual({ bytes: new Uint8Array(), more: false });
});
