import { cp, mkdir, readdir, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Json } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportRows, openParquet, readBack, row, useFolder } from "./testing/export-rows.ts";

const place = await useFolder();
const rows = Array.from({ length: 40 }, (_, n) =>
  row(`${n}`, `${n}`, `2026-01-0${1 + (n % 3)}T00:00:00Z`),
);
const texts = rows.map((_, n) => `${n}`);

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

test("a position holds when row groups were closed behind it, wherever the crash comes", async () => {
  const steps = fc.array(
    fc.record({ write: fc.integer({ min: 1, max: 9 }), crash: fc.boolean(), lost: fc.boolean() }),
    { minLength: 4, maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), async (plan, size) => {
      const path = place("events.parquet");
      const options = { "row-group-rows": size };
      let sink = await openParquet(path, { options });
      let position = await sink.commit();
      let [written, recorded] = [0, 0];
      for (const { write, crash, lost } of plan) {
        await sink.write("events", rows.slice(written, written + write));
        written = Math.min(rows.length, written + write);
        const next = await sink.commit();
        if (!lost || !crash) [position, recorded] = [next, written];
        if (!crash) continue;
        await sink[Symbol.asyncDispose]();
        sink = await openParquet(path, { options, position });
        written = recorded;
      }
      await sink.finish();
      await sink[Symbol.asyncDispose]();
      expect(await readBack(path)).toEqual(texts.slice(0, written));
      expect(await exists(`${path}.part`)).toBe(false);
    }),
    { numRuns: 10 },
  );
});

/** Writes all rows up to the commit before finish, and keeps a copy of the unfinished output. */
async function almost(path: string, by: object): Promise<{ position: Json; copy: string }> {
  const sink = await openParquet(path, by);
  await sink.write("events", rows);
  const position = await sink.commit();
  const copy = join(dirname(path), "copy");
  await cp(path, join(copy, "out"), { recursive: true });
  await sink.finish();
  await sink[Symbol.asyncDispose]();
  return { position, copy };
}

test("finish() is made good when the crash came before all files were whole", async () => {
  const path = place("out");
  const by = { options: { partition: "day", "row-group-rows": 5 } };
  const { position, copy } = await almost(path, by);
  await rm(path, { recursive: true });
  await rename(join(copy, "out"), path);
  await writeFile(join(path, "_export.part", "0.data"), "half a footer", { flag: "a" });
  await using sink = await openParquet(path, { ...by, position, finishing: true });
  await sink.finish();
  expect((await readBack(path)).sort()).toEqual([...texts].sort());
  expect(await readdir(path)).not.toContain("_export.part");
});

test("finish() is made good when the crash came between two files", async () => {
  const path = place("out");
  const by = { options: { partition: "day" } };
  const { position, copy } = await almost(path, by);
  // As it was when the ledger said that all is whole, and one of three files had moved.
  const work = join(path, "_export.part");
  await mkdir(work);
  for (const [id, day] of ["02", "03"].entries()) {
    await rename(
      join(path, `date=2026-01-${day}`, "part-0001.parquet"),
      join(work, `${id + 1}.data`),
    );
  }
  const sizes = { 0: (await stat(join(path, "date=2026-01-01", "part-0001.parquet"))).size };
  const sealed: Record<string, number> = sizes;
  for (const id of [1, 2]) sealed[id] = (await stat(join(work, `${id}.data`))).size;
  const ledger = join(work, "ledger.ndjson");
  await cp(join(copy, "out", "_export.part", "ledger.ndjson"), ledger);
  await writeFile(ledger, `${JSON.stringify({ sealed })}\n`, { flag: "a" });
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MISSING" });
  const again = { ...by, position, finishing: true };
  const moved = join(path, "date=2026-01-01", "part-0001.parquet");
  await rename(moved, `${moved}.away`);
  await writeFile(moved, "of somebody else");
  await expect(openParquet(path, again)).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  await rename(`${moved}.away`, moved);
  await using sink = await openParquet(path, again);
  await expect(sink.write("events", rows)).rejects.toThrow("the output is finished");
  expect(await sink.commit()).toEqual(position);
  await sink.finish();
  expect((await readBack(path)).sort()).toEqual([...texts].sort());
});

test("finish() is made good when the work was being removed", async () => {
  const path = place("out");
  const by = { options: { partition: "day" } };
  const { position } = await almost(path, by);
  await mkdir(join(path, "_export.part"));
  await writeFile(join(path, "_export.part", "2.0.rows"), "left over");
  await using sink = await openParquet(path, { ...by, position, finishing: true });
  await sink.finish();
  expect(await readdir(path)).not.toContain("_export.part");
  const other = { ...by, position, finishing: true, run: "20260102T000000Z-0a1b" };
  await expect(openParquet(path, other)).rejects.toMatchObject({ code: "STATE_MISMATCH" });
});

test("finish() can be tried again, and does not replace what came in between", async () => {
  const path = place("events.parquet");
  await using sink = await openParquet(path);
  await sink.write("events", rows);
  await sink.commit();
  await writeFile(path, "of somebody else");
  await expect(sink.finish()).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  await rm(path);
  await sink.finish();
  expect(await readBack(path)).toEqual(texts);
});

test("a failed write() ends the sink, and a resume makes it good", async () => {
  const path = place("events.parquet");
  const sink = await openParquet(path, { options: { "row-group-rows": 4 } });
  await sink.write("events", rows.slice(0, 6));
  const position = await sink.commit();
  const work = `${path}.part`;
  await rename(work, `${work}.away`);
  await expect(sink.write("events", rows.slice(6))).rejects.toMatchObject({ code: "SINK_FAILED" });
  await expect(sink.commit()).rejects.toMatchObject({ code: "SINK_FAILED" });
  await expect(sink.finish()).rejects.toMatchObject({ code: "SINK_FAILED" });
  await sink[Symbol.asyncDispose]();
  await rename(`${work}.away`, work);
  await using again = await openParquet(path, { position });
  await again.write("events", rows.slice(6));
  await again.commit();
  await again.finish();
  expect(await readBack(path)).toEqual(texts);
});

test("an export that was replaced by another one says so, and leaves that alone", async () => {
  const path = place("events.parquet");
  await using one = await openParquet(path);
  await one.write("events", rows);
  await one.commit();
  await using other = await openParquet(path, { force: true });
  await expect(one.write("events", rows)).rejects.toMatchObject({
    code: "SINK_FAILED",
    hint: expect.stringContaining("Another export"),
  });
  await other.write("events", rows.slice(0, 1));
  await other.commit();
  await other.finish();
  expect(await readBack(path)).toEqual(["0"]);
});

test("an unfinished output that was tampered with is refused", async () => {
  for (const damage of ["0.data", "0.1.rows", "ledger.ndjson"]) {
    const path = place("events.parquet");
    const sink = await openParquet(path, { options: { "row-group-rows": 30 } });
    await sink.write("events", rows);
    const position = await sink.commit();
    await sink[Symbol.asyncDispose]();
    await truncate(join(`${path}.part`, damage), 20);
    await expect(openParquet(path, { position })).rejects.toMatchObject({
      code: "STATE_MISMATCH",
      message: expect.stringMatching(/it holds 20 bytes instead of \d+$|it is not what it was$/),
    });
    await rm(join(`${path}.part`, damage));
    await expect(openParquet(path, { position })).rejects.toMatchObject({
      code: "STATE_MISMATCH",
      message: expect.stringMatching(/it is gone$/),
    });
  }
});

test("what is not of this sink is never removed", async () => {
  const path = place("events.parquet");
  await mkdir(`${path}.part`, { recursive: true });
  await writeFile(join(`${path}.part`, "thesis.txt"), "ten years");
  for (const force of [false, true]) {
    await expect(openParquet(path, { force })).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  }
  expect(await readdir(`${path}.part`)).toEqual(["thesis.txt"]);
});

test("open() refuses what can hold no Parquet file", async () => {
  const folder = place("folder");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "file"), "");
  for (const bad of ["-", "", "s3://bucket/events.parquet", "/dev/null", folder, `${folder}/x/`]) {
    await expect(openParquet(bad, { force: true })).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
      kind: "usage",
    });
  }
  const flat = join(folder, "file");
  for (const more of [
    { append: true },
    { streams: ["a", "b"] },
    { options: { partition: "day" } },
  ]) {
    await expect(openParquet(flat, { ...more, force: true })).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
    });
  }
  for (const streams of [["../a"], ["a/b"], [""], ["A"], ["a", "b-1"]]) {
    await expect(openParquet(join(folder, "new"), { streams })).rejects.toMatchObject({
      code: "OUTPUT_INVALID",
    });
  }
  await expect(openParquet(join(folder, "new"), { append: true, run: "x/y" })).rejects.toThrow(
    'Cannot name a file after the run "x/y"',
  );
});

test.each([
  [{ compression: "lzma" }, "zstd, snappy, gzip, none"],
  [{ compression: "constructor" }, "zstd, snappy, gzip, none"],
  [{ partition: "hour" }, "day"],
  [{ "row-group-rows": 0 }, "a whole number of 1 or more"],
  [{ "row-group-mb": 1.5 }, "a whole number of 1 or more"],
])("open() refuses the option %j", async (options, allowed) => {
  await expect(openParquet(place("events.parquet"), { options })).rejects.toMatchObject({
    code: "OPTION_INVALID",
    hint: `Allowed: ${allowed}.`,
  });
});

test("force keeps the old file until the new one is whole", async () => {
  const path = place("events.parquet");
  await exportRows(path, rows.slice(0, 3));
  await using sink = await openParquet(path, { force: true });
  await sink.write("events", rows);
  await sink.commit();
  expect(await readBack(path)).toEqual(["0", "1", "2"]);
  await sink.finish();
  expect(await readBack(path)).toEqual(texts);
});
