import { expect, test } from "vitest";
import { createPartQueue } from "./part-queue.ts";
import { readOptions } from "./read-options.ts";
import type { Store } from "./store.ts";

test("createPartQueue() refuses more parts than a store takes, and says what to do", async () => {
  const sent: number[] = [];
  const store = {
    bucket: "bucket",
    options: readOptions({}),
    async uploadPart(_upload, { number }) {
      sent.push(number);
      return String(number);
    },
  } as Partial<Store> as Store;
  const kind = { contentType: "application/x-ndjson", mark: "id" };
  const etags = Array.from({ length: 9_999 }, (_, index) => String(index + 1));
  const options = { store, key: "a.ndjson", kind, partBytes: 8 << 20, upload: "u", etags };
  const queue = createPartQueue(options);
  await queue.push(new Uint8Array(1));
  await expect(queue.push(new Uint8Array(1))).rejects.toMatchObject({
    code: "S3_TOO_LARGE",
    message:
      'Cannot write "s3://bucket/a.ndjson": it has 10000 parts of 8 MiB, and may have no more',
  });
  expect(sent).toEqual([10_000]);
  expect((await queue.settle()).at(-1)).toBe("10000");
});
