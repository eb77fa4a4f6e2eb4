import { open } from "node:fs/promises";
import { type Column, createRow } from "@decant/core";
import fc from "fast-check";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { decompressors } from "./codecs.ts";
import { exportRows, openParquet, readBack, row, useFolder } from "./testing/export-rows.ts";
import { query } from "./testing/query.ts";

const place = await useFolder();

function column(name: string, type: Column["type"]): Column {
  return { name, type, paths: [[name]] };
}

const all = (["text", "int", "float", "bool", "time", "json"] as const).map((type) =>
  column(type, type),
);

test("a file has a column of the right type for each column of the stream", async () => {
  const path = place("events.parquet");
  await exportRows(path, [], { columns: all });
  const columns = await query(`DESCRIBE SELECT * FROM '${path}'`);
  expect(columns.map((found) => [found["column_name"], found["column_type"]])).toEqual([
    ["row_id", "VARCHAR"],
    ["row_time", "TIMESTAMP WITH TIME ZONE"],
    ["text", "VARCHAR"],
    ["int", "BIGINT"],
    ["float", "DOUBLE"],
    ["bool", "BOOLEAN"],
    ["time", "TIMESTAMP WITH TIME ZONE"],
    ["json", "JSON"],
    ["raw", "VARCHAR"],
  ]);
  expect(await query(`SELECT count(*)::INT AS rows FROM '${path}'`)).toEqual([{ rows: 0 }]);
});

test("a file holds values as they are, and nothing of what does not fit", async () => {
  const path = place("events.parquet");
  const full = `{"text":"a\\u0000👩‍👧\\ud800","int":9007199254740993,"float":1.5,"bool":true,"time":1767225600.5,"json":{"a":[9007199254740993,1.0],"b":"\\ud800 \\\\ud800 😀"}}`;
  const odd = `{"text":{},"int":1.5,"float":"x","bool":"maybe","time":"soon","json":null,"new":1}`;
  const rows = [row("7/a", full, "2026-01-01T00:00:00.123456Z"), row("7/b", odd)];
  await exportRows(path, rows, { columns: all });
  const [first, second] = await query(`SELECT * FROM '${path}' ORDER BY row_id`);
  expect(first).toEqual({
    row_id: "7/a",
    row_time: "2026-01-01 00:00:00.123456+00",
    text: "a\ufffd👩‍👧\ufffd",
    int: "9007199254740993",
    float: 1.5,
    bool: true,
    time: "2026-01-01 00:00:00.5+00",
    json: `{"a":[9007199254740993,1],"b":"\ufffd \\\\ud800 😀"}`,
    raw: full,
  });
  const nothing = { row_time: null, text: null, int: null, float: null, bool: null, time: null };
  expect(second).toEqual({ row_id: "7/b", ...nothing, json: null, raw: odd });
  expect(await query(`SELECT json->>'$.a[0]' AS a FROM '${path}' LIMIT 1`)).toEqual([
    { a: "9007199254740993" },
  ]);
});

test.each(["zstd", "snappy", "gzip", "none"])("a file of %s is read by others", async (name) => {
  const path = place("events.parquet");
  const rows = Array.from({ length: 3000 }, (_, n) =>
    row(`${n}`, `{"int":${n},"text":"t${n % 7}"}`),
  );
  await exportRows(path, rows, { columns: all, options: { compression: name } });
  expect(
    await query(`SELECT sum(int)::INT AS sum, count(DISTINCT text)::INT AS texts FROM '${path}'`),
  ).toEqual([{ sum: 4498500, texts: 7 }]);
  const file = await asyncBufferFromFile(path);
  const objects = await parquetReadObjects({ file, compressors: decompressors });
  expect(objects[2999]).toMatchObject({
    row_id: "2999",
    int: 2999n,
    text: "t3",
    raw: `{"int":2999,"text":"t3"}`,
  });
  const found = await query(`SELECT DISTINCT compression FROM parquet_metadata('${path}')`);
  expect(found).toEqual([{ compression: name === "none" ? "UNCOMPRESSED" : name.toUpperCase() }]);
});

test("row groups are as large as the options say, with bounds that let readers skip them", async () => {
  const path = place("events.parquet");
  const rows = Array.from({ length: 25 }, (_, n) => {
    return row(`${n}`, `{"int":${n}}`, `2026-01-01T00:00:${`${n}`.padStart(2, "0")}.000001Z`);
  });
  await exportRows(path, rows, { columns: all, options: { "row-group-rows": 10 } });
  const bounds = `SELECT row_group_num_rows::INT AS rows, stats_min_value AS low, stats_max_value AS high
    FROM parquet_metadata('${path}') WHERE path_in_schema = 'row_time' ORDER BY row_group_id`;
  expect(await query(bounds)).toEqual([
    { rows: 10, low: "2026-01-01 00:00:00.000001+00", high: "2026-01-01 00:00:09.000001+00" },
    { rows: 10, low: "2026-01-01 00:00:10.000001+00", high: "2026-01-01 00:00:19.000001+00" },
    { rows: 5, low: "2026-01-01 00:00:20.000001+00", high: "2026-01-01 00:00:24.000001+00" },
  ]);
  const from = `row_time > TIMESTAMPTZ '2026-01-01 00:00:24.000000+00'`;
  expect(await query(`SELECT row_id FROM '${path}' WHERE ${from}`)).toEqual([{ row_id: "24" }]);
});

test("bounds of texts are those of their bytes", async () => {
  const path = place("events.parquet");
  const texts = ["\ufeffz", "a", "\uffff", "😀", `${"x".repeat(20)}\u{10ffff}`];
  const rows = texts.map((text, index) => row(`${index}`, JSON.stringify({ text })));
  await exportRows(path, rows, { columns: all, options: { "row-group-rows": 1 } });
  for (const [index, text] of texts.entries()) {
    const sql = `SELECT row_id FROM '${path}' WHERE text = '${text}'`;
    expect(await query(sql)).toEqual([{ row_id: `${index}` }]);
  }
});

test("names of columns that readers take for one are told apart", async () => {
  const path = place("events.parquet");
  const columns = ["raw", "Level", "level", "level_"].map((name) => column(name, "text"));
  await exportRows(path, [row("1", `{"raw":"a","Level":"b","level":"c","level_":"d"}`)], {
    columns,
  });
  expect(await query(`SELECT raw_, "Level", level_, level__ FROM '${path}'`)).toEqual([
    { raw_: "a", Level: "b", level_: "c", level__: "d" },
  ]);
});

test("rows of any JSON come back byte for byte, by this reader and another", async () => {
  const values = fc.array(
    fc.oneof(
      fc.json(),
      fc.json().map((json) => ` ${json} `),
    ),
    { size: "+1" },
  );
  await fc.assert(
    fc.asyncProperty(values, fc.integer({ min: 1, max: 20 }), async (texts, size) => {
      const path = place("events.parquet");
      const rows = texts.map((text, index) => row(`${index}`, text));
      await exportRows(path, rows, { columns: all, options: { "row-group-rows": size } });
      expect(await readBack(path)).toEqual(texts);
      const found = await query(`SELECT raw FROM '${path}' ORDER BY row_id::INT`);
      expect(found.map(({ raw }) => raw)).toEqual(texts);
    }),
    { numRuns: 8 },
  );
});

test("a row that is not UTF-8 is refused, as it would make the whole column unreadable", async () => {
  await using sink = await openParquet(place("events.parquet"));
  const bad = createRow({ id: "web/1", json: new Uint8Array([0x22, 0xff, 0x22]) });
  await expect(sink.write("events", [row("web/0", "1"), bad])).rejects.toMatchObject({
    code: "ROW_INVALID",
    message: 'Cannot write row "web/1": it is not UTF-8',
  });
});

test("read() says what is wrong with a file", async () => {
  const path = place("events.parquet");
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MISSING", kind: "verify" });
  await exportRows(path, [row("1", "1")]);
  const file = await open(path, "r+");
  const { size } = await file.stat();
  await file.truncate(size - 1);
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED", kind: "verify" });
  await file.truncate(3);
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
  await file.close();
  await query(`COPY (SELECT 1 AS a) TO '${path}' (FORMAT parquet)`);
  await expect(readBack(path)).rejects.toMatchObject({
    code: "OUTPUT_MALFORMED",
    message: `Cannot read "${path}": it has no rows as JSON`,
  });
});
