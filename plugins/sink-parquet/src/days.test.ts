import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportRows, openParquet, readBack, row, useFolder } from "./testing/export-rows.ts";
import { query } from "./testing/query.ts";

const place = await useFolder();
const byDay = { options: { partition: "day" } };

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

test("days have a folder each, which readers take for a column", async () => {
  const folder = place("events.parquet");
  const rows = [
    row("a", "1", "2026-11-24T23:59:59Z"),
    row("b", "2", "2026-11-25T01:00:00+02:00"),
    row("c", "3", "2026-11-25T00:00:00.000000Z"),
    row("d", "4"),
    row("e", "5", "2026-99-99T00:00:00Z"),
  ];
  await exportRows(folder, rows, byDay);
  expect(await filesIn(folder)).toEqual([
    "date=2026-11-24/part-0001.parquet",
    "date=2026-11-25/part-0001.parquet",
    "date=__HIVE_DEFAULT_PARTITION__/part-0001.parquet",
  ]);
  const sql = `SELECT date::VARCHAR AS date, string_agg(row_id, '' ORDER BY row_id) AS ids
    FROM read_parquet('${folder}/**/*.parquet', hive_partitioning = true) GROUP BY ALL ORDER BY ALL`;
  expect(await query(sql)).toEqual([
    { date: "2026-11-24", ids: "ab" },
    { date: "2026-11-25", ids: "c" },
    { date: null, ids: "de" },
  ]);
  expect(await readBack(folder)).toEqual(["1", "2", "3", "4", "5"]);
});

test("days of runs and streams lie side by side", async () => {
  const folder = place("out");
  const opening = { ...byDay, streams: ["events", "issues"] };
  await exportRows(folder, [row("a", "1", "2026-11-24T00:00:00Z")], opening);
  const run = "20261125T000000Z-0a1b";
  await exportRows(folder, [row("b", "2", "2026-11-24T00:00:00Z")], {
    ...byDay,
    run,
    append: true,
  });
  expect(await filesIn(folder)).toEqual([
    "events/date=2026-11-24/part-0001.parquet",
    `events/date=2026-11-24/part-${run}.parquet`,
  ]);
});

test("force replaces days of before, and leaves what is not of the export", async () => {
  const folder = place("out");
  await exportRows(folder, [row("a", "1", "2026-11-24T00:00:00Z"), row("b", "2")], byDay);
  await writeFile(join(folder, "notes.txt"), "mine");
  await mkdir(join(folder, "other"));
  await writeFile(join(folder, "other", "part-0001.parquet"), "not ours");
  await expect(exportRows(folder, [], byDay)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  const again = { ...byDay, force: true };
  await exportRows(folder, [row("c", "3", "2026-11-26T00:00:00Z")], again);
  expect(await filesIn(folder)).toEqual([
    "date=2026-11-26/part-0001.parquet",
    "notes.txt",
    "other/part-0001.parquet",
  ]);
  expect(await readdir(folder)).not.toContain("date=2026-11-24");
});

test("a table within a table is refused", async () => {
  const folder = place("events.parquet");
  await exportRows(folder, [row("a", "1")], byDay);
  await expect(openParquet(join(folder, "events.parquet"), byDay)).rejects.toMatchObject({
    code: "OUTPUT_EXISTS",
    message: `Cannot write into "${folder}": it is an export by day`,
  });
});

test("an export of many days is exact over a crash", async () => {
  const folder = place("out");
  const rows = Array.from({ length: 60 }, (_, day) => {
    return row(`${day}`, `${day}`, new Date(Date.UTC(2020, 0, 1 + day)).toISOString());
  });
  const first = await openParquet(folder, byDay);
  await first.write("events", rows.slice(0, 40));
  const position = await first.commit();
  await first.write("events", rows.slice(40));
  await first.commit();
  await first[Symbol.asyncDispose]();
  const second = await openParquet(folder, { ...byDay, position });
  await second.write("events", rows.slice(40));
  await second.commit();
  await second.finish();
  await second[Symbol.asyncDispose]();
  expect((await readBack(folder)).map(Number)).toEqual(rows.map((_, day) => day));
});
