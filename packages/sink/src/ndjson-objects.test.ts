import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readNdjsonObjects } from "./read-ndjson-objects.ts";
import { writeNdjsonObjects } from "./write-ndjson-objects.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-objects-"));
afterAll(() => rm(folder, { recursive: true }));

async function read(path: string, options: { signal?: AbortSignal } = {}): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of readNdjsonObjects(path, options)) values.push(value);
  return values;
}

test("writeNdjsonObjects() writes what readNdjsonObjects() reads", async () => {
  const objects = fc.array(
    fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
  );
  for (const name of ["a.ndjson", "a.ndjson.gz"]) {
    const path = join(folder, name);
    await fc.assert(
      fc.asyncProperty(objects, async (values) => {
        expect(await writeNdjsonObjects(path, values, { force: true })).toBe(values.length);
        expect(await read(path)).toEqual(values.map((value) => JSON.parse(JSON.stringify(value))));
      }),
      { numRuns: 25 },
    );
  }
});

test("writeNdjsonObjects() takes more objects than a batch, from an async iterable", async () => {
  const path = join(folder, "many.ndjson");
  async function* objects() {
    for (let n = 0; n < 1000; n += 1) yield { n };
  }
  expect(await writeNdjsonObjects(path, objects())).toBe(1000);
  expect(await read(path)).toEqual(Array.from({ length: 1000 }, (_, n) => ({ n })));
});

test("writeNdjsonObjects() refuses what JSON cannot hold, and leaves nothing behind", async () => {
  const path = join(folder, "refused.ndjson");
  for (const value of [null, undefined, () => {}, { big: 1n }, { toJSON: () => undefined }]) {
    const writing = writeNdjsonObjects(path, [{ fine: true }, value as object]);
    await expect(writing).rejects.toMatchObject({
      code: "ROW_INVALID",
      message: "Cannot write object 1: JSON cannot hold it",
    });
    expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
  }
});

test("writeNdjsonObjects() leaves what is there already", async () => {
  const path = join(folder, "there.ndjson");
  await writeFile(path, "1\n");
  await expect(writeNdjsonObjects(path, [{}])).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  expect(await readFile(path, "utf8")).toBe("1\n");
  await rm(path);
  await writeFile(`${path}.part`, "1\n");
  await expect(writeNdjsonObjects(path, [{}])).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  expect(await readFile(`${path}.part`, "utf8")).toBe("1\n");
});

test("writeNdjsonObjects() ends with the reason of an aborted signal", async () => {
  const path = join(folder, "aborted.ndjson");
  const controller = new AbortController();
  function* objects() {
    yield {};
    controller.abort(new Error("enough"));
    yield {};
  }
  const writing = writeNdjsonObjects(path, objects(), { signal: controller.signal });
  await expect(writing).rejects.toThrow("enough");
  expect(existsSync(`${path}.part`)).toBe(false);
});

test("readNdjsonObjects() refuses rows that it cannot give", async () => {
  const path = join(folder, "odd.ndjson");
  for (const content of ["{}\nnull\n", "{}\nnull\n{}\n", '{}\n{"secret":}\n', "{}\n{}"]) {
    await writeFile(path, content);
    const reading = read(path);
    await expect(reading).rejects.toMatchObject({ code: "OUTPUT_MALFORMED", kind: "verify" });
    await expect(reading).rejects.not.toThrow("secret");
  }
  await expect(read(join(folder, "none"))).rejects.toMatchObject({ code: "OUTPUT_MISSING" });
});

test("readNdjsonObjects() stops when its reader does, or its signal", async () => {
  const path = join(folder, "stop.ndjson");
  await writeNdjsonObjects(
    path,
    Array.from({ length: 1000 }, (_, n) => ({ n })),
  );
  for await (const value of readNdjsonObjects(path)) {
    expect(value).toEqual({ n: 0 });
    break;
  }
  const reason = new Error("enough");
  const reading = read(path, { signal: AbortSignal.abort(reason) });
  await expect(reading).rejects.toBe(reason);
});
