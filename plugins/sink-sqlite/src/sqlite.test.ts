import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  createRow,
  type Json,
  type OptionValue,
  type Row,
  type SinkOpenOptions,
  type Stream,
} from "@decant/core";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { sqliteSink } from "./sqlite.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-sqlite-"));
afterAll(() => rm(folder, { recursive: true }));
let places = 0;

async function place(): Promise<string> {
  places += 1;
  const path = join(folder, `${places}`);
  await mkdir(path);
  return join(path, "out.sqlite");
}

const columns: Stream["columns"] = [
  { name: "title", type: "text", paths: [["title"]] },
  { name: "count", type: "int", paths: [["count"]] },
  { name: "ratio", type: "float", paths: [["ratio"]] },
  { name: "handled", type: "bool", paths: [["handled"]] },
  { name: "seen", type: "time", paths: [["seen"]] },
  { name: "tags", type: "json", paths: [["tags"]] },
];
const events: Stream = { name: "events", columns, display: { title: ["title"], level: ["title"] } };

function open(
  destination: string,
  options: Partial<SinkOpenOptions> & { own?: Record<string, OptionValue> } = {},
) {
  const { own = {}, ...rest } = options;
  const base = { streams: [events], run: "20260101T000000Z-0001", force: false };
  return sqliteSink.open({ destination, ...base, options: { wait: 0, ...own }, ...rest });
}

function row(id: string, json: string | Uint8Array = "{}", time?: string): Row {
  const bytes = typeof json === "string" ? new TextEncoder().encode(json) : json;
  return createRow({ id, json: bytes, ...(time !== undefined && { time }) });
}

/** Writes rows from start to end, or stops after the commit as a crash would. */
async function write(
  destination: string,
  rows: readonly Row[],
  options: Parameters<typeof open>[1] & { stop?: boolean } = {},
): Promise<Json> {
  const { stop = false, ...rest } = options;
  await using sink = await open(destination, rest);
  await sink.write(rest.streams?.[0]?.name ?? "events", rows);
  const position = await sink.commit();
  if (!stop) await sink.finish();
  return position;
}

function query(path: string, sql: string): unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((found) => ({ ...found }));
  } finally {
    database.close();
  }
}

async function readBack(destination: string, run?: string): Promise<string[]> {
  const found: string[] = [];
  const options = { destination, options: {}, ...(run !== undefined && { run }) };
  for await (const { json } of sqliteSink.read!(options)) {
    for (const bytes of json) found.push(new TextDecoder().decode(bytes));
  }
  return found;
}

test("sqliteSink makes a table with typed columns, indexes and the row as it was", async () => {
  const path = await place();
  const json = `{"title":"a","count":"7","ratio":1,"handled":true,"seen":1767225600,"tags":[1],"x":1.0}`;
  await write(path, [row("web/1", json, "2026-01-01T00:00:00Z"), row("web/2")]);
  const seen = "2026-01-01T00:00:00.000000Z";
  expect(query(path, "SELECT *, typeof(ratio) AS real FROM events ORDER BY row_id")).toEqual([
    {
      ...{ row_id: "web/1", row_time: seen, title: "a", count: 7, ratio: 1, handled: 1, seen },
      ...{ tags: "[1]", run: "20260101T000000Z-0001", raw: json, real: "real" },
    },
    {
      ...{ row_id: "web/2", row_time: null, title: null, count: null, ratio: null },
      ...{ handled: null, seen: null, tags: null, run: "20260101T000000Z-0001", raw: "{}" },
      real: "null",
    },
  ]);
  expect(query(path, "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'")).toEqual([
    { name: "events_row_time" },
    { name: "events_title" },
  ]);
  expect(query(path, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  expect(await readdir(join(path, ".."))).toEqual(["out.sqlite"]);
});

test("sqliteSink keeps integers beyond 2^53, and leaves out what does not fit", async () => {
  const path = await place();
  const rows = ['{"count":9007199254740993}', '{"count":1e300,"title":{},"seen":"soon"}'];
  await write(
    path,
    rows.map((json, index) => row(`${index}`, json)),
  );
  const sql = "SELECT CAST(count AS TEXT) AS count, title, seen FROM events ORDER BY row_id";
  expect(query(path, sql)).toEqual([
    { count: "9007199254740993", title: null, seen: null },
    { count: null, title: null, seen: null },
  ]);
});

test("sqliteSink keeps any bytes of a row", async () => {
  const path = await place();
  const broken = Uint8Array.of(0x22, 0xff, 0xfe, 0x22);
  await write(path, [row("1", broken), row("2", '"\ufeff\ufffd"')]);
  expect(query(path, "SELECT typeof(raw) AS type, hex(raw) AS hex FROM events")).toEqual([
    { type: "blob", hex: "22FFFE22" },
    { type: "text", hex: "22EFBBBFEFBFBD22" },
  ]);
  const back: number[][] = [];
  for await (const { json } of sqliteSink.read!({ destination: path, options: {} })) {
    for (const bytes of json) back.push([...bytes]);
  }
  expect(back[0]).toEqual([...broken]);
});

test("sqliteSink refuses an id that SQLite would change", async () => {
  const path = await place();
  await expect(write(path, [row("a\ud800")])).rejects.toMatchObject({ code: "ROW_INVALID" });
});

test("sqliteSink quotes every name, and gives none twice", async () => {
  const path = await place();
  const odd = ['a"; DROP TABLE events; --', "select", "raw", "RAW_", "run", "row_id", "é 😀"];
  const stream: Stream = {
    name: "monitor-check-ins",
    columns: odd.map((name) => ({ name, type: "text", paths: [["v"]] })),
  };
  await write(path, [row("1", '{"v":"x"}')], { streams: [stream] });
  const [found] = query(path, "SELECT * FROM monitor_check_ins") as Record<string, unknown>[];
  expect(Object.keys(found!)).toEqual([
    ...["row_id", "row_time", 'a"; DROP TABLE events; --', "select", "raw_", "RAW__", "run_"],
    ...["row_id_", "é 😀", "run", "raw"],
  ]);
  expect(found).toMatchObject({ raw_: "x", RAW__: "x", run_: "x", raw: '{"v":"x"}' });
});

test.each([
  [["a-b", "a_b"], "same"],
  [["sqlite-stat"], "reserved"],
  [["-decant-runs"], "reserved"],
  [[""], "reserved"],
])("sqliteSink names no tables after the streams %j", async (names, state) => {
  const streams = names.map((name) => ({ name, columns: [] }));
  await expect(open(await place(), { streams })).rejects.toMatchObject({
    code: "OUTPUT_INVALID",
    message: expect.stringContaining(state),
  });
});

test("sqliteSink takes rows of streams and columns of any name", async () => {
  const name = fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes("\0"));
  await fc.assert(
    fc.asyncProperty(name, fc.uniqueArray(name, { maxLength: 4 }), async (stream, names) => {
      const path = await place();
      const source = names.map((own) => ({ name: own, type: "text" as const, paths: [[own]] }));
      const options = { streams: [{ name: `s${stream}`, columns: source }] };
      await write(path, [row("1", '{"a":1}')], options);
      expect(await readBack(path)).toEqual(['{"a":1}']);
    }),
    { numRuns: 8, examples: [["\u00c0", ["\u00c0", "\u00e0"]]] },
  );
});

test("sqliteSink says which option is wrong", async () => {
  const path = await place();
  for (const own of [{ prefix: "1a" }, { prefix: 'a"' }, { index: ["nothing"] }]) {
    await expect(open(path, { own })).rejects.toMatchObject({ code: "OPTION_INVALID" });
  }
  await write(path, [row("1")], { own: { index: ["count, run", ""], prefix: "sentry_" } });
  expect(query(path, "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%'")).toEqual([
    { name: "sentry_events_row_time" },
    { name: "sentry_events_count" },
    { name: "sentry_events_run" },
  ]);
});

test("sqliteSink gives a database its name when it is whole, and replaces it only by force", async () => {
  const path = await place();
  const position = await write(path, [row("1", '{"a":1}')], { stop: true });
  expect(await readdir(join(path, ".."))).toEqual(["out.sqlite.part"]);
  await expect(readBack(path)).rejects.toMatchObject({
    code: "OUTPUT_MISSING",
    message: expect.stringContaining("not finished"),
  });
  await expect(open(path)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  await write(path, [row("2", '{"b":1}')], { position });
  expect(await readBack(path)).toEqual(['{"a":1}', '{"b":1}']);
  await expect(open(path)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  // A journal that lies beside the old database must not be played back into the new one.
  await writeFile(`${path}-journal`, "left by a crash");
  await writeFile(`${path}-wal`, "left by a crash");
  await write(path, [row("3", '{"c":1}')], { force: true, stop: true });
  expect(await readBack(path)).toHaveLength(2);
  await write(path, [row("3", '{"c":1}')], { force: true });
  expect(await readBack(path)).toEqual(['{"c":1}']);
  expect(await readdir(join(path, ".."))).toEqual(["out.sqlite"]);
});

test("sqliteSink can be finished when what kept it from its place is gone", async () => {
  const path = await place();
  let position: Json;
  {
    await using sink = await open(path);
    await sink.write("events", [row("1")]);
    position = await sink.commit();
    await writeFile(path, "in the way");
    await expect(sink.finish()).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
    expect(await readFile(path, "utf8")).toBe("in the way");
  }
  // The database is whole by now, and has not got its name: so a crash in between leaves it, too.
  await rm(path);
  {
    await using sink = await open(path, { position, finishing: true });
    await writeFile(path, "in the way again");
    await expect(sink.finish()).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
    await rm(path);
    await sink.finish();
  }
  expect(await readBack(path)).toEqual(["{}"]);
  expect(await readdir(join(path, ".."))).toEqual(["out.sqlite"]);
  await using again = await open(path, { position, finishing: true });
  expect(await again.commit()).toEqual(position);
  await again.finish();
});

test("sqliteSink replaces no database in which others keep tables", async () => {
  const path = await place();
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE customers (name); INSERT INTO customers VALUES ('x')");
  database.close();
  for (const options of [{ force: true }, { append: true }, { append: true, force: true }]) {
    await expect(open(path, options)).rejects.toMatchObject({
      code: "OUTPUT_EXISTS",
      message: expect.stringContaining("not decant's"),
      hint: expect.stringContaining("--sqlite-into"),
    });
  }
  expect(query(path, "SELECT name FROM sqlite_master")).toEqual([{ name: "customers" }]);
  await write(path, [row("1")], { own: { into: true } });
  await expect(open(path, { force: true })).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  expect(query(path, "SELECT * FROM customers")).toEqual([{ name: "x" }]);
});

test("sqliteSink adds tables to a database of others, beside what they do", async () => {
  const path = await place();
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE events (mine); PRAGMA user_version = 7");
  const own = { into: true };
  await expect(open(path, { own })).rejects.toMatchObject({
    code: "OUTPUT_EXISTS",
    hint: expect.stringContaining("--sqlite-prefix"),
  });
  const prefixed = { own: { into: true, prefix: "sentry_" } };
  await write(path, [row("1"), row("2")], prefixed);
  database.exec("INSERT INTO events VALUES (1)");
  expect(database.prepare("SELECT count(*) AS n FROM sentry_events").get()).toMatchObject({ n: 2 });
  expect(database.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
  expect(database.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 7 });
  database.close();
  // What an earlier export wrote is replaced by force only, and stays until the end.
  const later = { ...prefixed, run: "20260102T000000Z-0002" };
  await expect(open(path, later)).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  const position = await write(path, [row("3")], { ...later, force: true, stop: true });
  expect(query(path, "SELECT row_id FROM sentry_events")).toHaveLength(3);
  await write(path, [], { ...later, force: true, position });
  expect(query(path, "SELECT row_id FROM sentry_events")).toEqual([{ row_id: "3" }]);
});

test("sqliteSink tells later runs apart, and adds the columns that are missing", async () => {
  const path = await place();
  const first = { streams: [{ name: "events", columns: columns.slice(0, 1) }], append: true };
  await write(path, [row("1", '{"title":"a"}'), row("2", '{"title":"b"}')], first);
  const run = "20260102T000000Z-0002";
  await write(path, [row("2", '{"title":"c","count":5}')], { append: true, run });
  expect(query(path, "SELECT row_id, title, count, run FROM events ORDER BY 1")).toEqual([
    { row_id: "1", title: "a", count: null, run: "20260101T000000Z-0001" },
    { row_id: "2", title: "c", count: 5, run },
  ]);
  expect(await readBack(path, run)).toEqual(['{"title":"c","count":5}']);
  // Fewer columns do no harm either.
  await write(path, [row("3")], { ...first, run: "20260103T000000Z-0003" });
  expect(await readBack(path)).toHaveLength(3);
});

test("sqliteSink refuses a table of its own that somebody changed", async () => {
  const path = await place();
  await write(path, [row("1")], { append: true });
  const database = new DatabaseSync(path);
  database.exec("ALTER TABLE events DROP COLUMN raw");
  database.close();
  await expect(open(path, { append: true })).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_UNREADABLE", kind: "verify" });
});

test("sqliteSink refuses a position of another database", async () => {
  const path = await place();
  const position = await write(path, [row("1")], { stop: true });
  const copy = await readFile(`${path}.part`);
  await write(path, [row("2")], { position, stop: true });
  await expect(open(path, { position: { commits: 9, rows: {} } })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
  });
  for (const foreign of [
    "x",
    null,
    { bytes: 1 },
    { commits: 1 },
    { commits: 1, rows: { events: "1" } },
  ]) {
    await expect(open(path, { position: foreign })).rejects.toMatchObject({
      code: "STATE_MISMATCH",
    });
  }
  await writeFile(`${path}.part`, copy);
  await expect(open(path, { position: { commits: 2, rows: {} } })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
  });
  await expect(open(path, { position, run: "20260102T000000Z-0002" })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
  });
  await rm(`${path}.part`);
  for (const append of [true, false]) {
    const lost = { position, append, finishing: true };
    await expect(open(path, lost)).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  }
});

test.each([false, true])(
  "sqliteSink drops rows behind a position, with append %s",
  async (append) => {
    const path = await place();
    const old = { append: true, run: "20251231T000000Z-0000" };
    if (append) await write(path, [row("old"), row("1", '{"was":"old"}')], old);
    const position = await write(path, [row("a")], { append, stop: true });
    const lost = [row("b"), row("1", '{"is":"new"}')];
    await write(path, lost, { append, position, stop: true });
    await write(path, [row("c")], { append, position });
    const found = query(path, "SELECT row_id, raw FROM events ORDER BY row_id");
    // Of a row that was there before, the older text is gone.
    const before = [{ row_id: "1", raw: '{"is":"new"}' }];
    const rest = ["a", "c", ...(append ? ["old"] : [])].map((row_id) => ({ row_id, raw: "{}" }));
    expect(found).toEqual(append ? [...before, ...rest] : rest);
  },
);

test("sqliteSink lets one export alone have an unfinished database", async () => {
  const path = await place();
  await using sink = await open(path);
  for (const force of [false, true]) {
    await expect(open(path, { force })).rejects.toMatchObject({
      code: "SQLITE_BUSY",
      retryable: true,
    });
  }
  await sink.write("events", [row("1")]);
  await sink.commit();
  await sink.finish();
  expect(await readBack(path)).toEqual(["{}"]);
});

test("sqliteSink waits for others that write, and no longer than it should", async () => {
  const path = await place();
  const other = new DatabaseSync(path);
  other.exec("CREATE TABLE mine (x)");
  await using sink = await open(path, { own: { into: true, wait: 30 } });
  other.exec("BEGIN IMMEDIATE; INSERT INTO mine VALUES (1)");
  const writing = sink.write("events", [row("1")]);
  await new Promise((resolve) => setImmediate(resolve));
  other.exec("COMMIT");
  await writing;
  await sink.commit();
  await sink.finish();
  expect(await readBack(path)).toEqual(["{}"]);
  const impatient = { own: { into: true, wait: 0, prefix: "b_" } };
  await using second = await open(path, impatient);
  other.exec("BEGIN IMMEDIATE");
  await expect(second.write("events", [row("2")])).rejects.toMatchObject({ code: "SQLITE_BUSY" });
  other.close();
  await expect(second.commit()).rejects.toMatchObject({ code: "SQLITE_BUSY" });
});

test("sqliteSink writes no more after a failure, and goes on at its position", async () => {
  const path = await place();
  let position: Json;
  {
    await using sink = await open(path);
    await sink.write("events", [row("1", '{"a":1}')]);
    position = await sink.commit();
    const broken = sink.write("events", [row("2"), row("\ud800")]);
    await expect(broken).rejects.toMatchObject({ code: "ROW_INVALID" });
    await expect(sink.commit()).rejects.toMatchObject({ code: "ROW_INVALID" });
    await expect(sink.finish()).rejects.toMatchObject({ code: "ROW_INVALID" });
  }
  await write(path, [row("3", '{"b":1}')], { position });
  expect(await readBack(path)).toEqual(['{"a":1}', '{"b":1}']);
});

test("sqliteSink refuses what can be no database", async () => {
  const path = await place();
  const folderPath = join(path, "..");
  for (const bad of ["-", "", "postgres://host/db", folderPath, `${folderPath}/`, "/dev/null"]) {
    await expect(open(bad)).rejects.toMatchObject({ code: "OUTPUT_INVALID", kind: "usage" });
  }
  await writeFile(path, "this is no database, and long enough to be looked at".repeat(20));
  await expect(open(path, { append: true })).rejects.toMatchObject({ code: "OUTPUT_INVALID" });
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED", kind: "verify" });
  await write(path, [row("1")], { force: true });
  expect(await readBack(path)).toEqual(["{}"]);
  await writeFile(`${path}.part`, "no database either".repeat(100));
  await expect(open(path, { force: false })).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
});

test("sqliteSink reads nothing of a database that decant did not write", async () => {
  const path = await place();
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE events (raw)");
  database.close();
  await expect(readBack(path)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
});

test("sqliteSink makes one database of several runs that write at once", async () => {
  const path = await place();
  const runs = ["1-a", "2-b", "3-c"];
  const own = { wait: 30 };
  await Promise.all(
    runs.map(async (run, turn) => {
      await using sink = await open(path, { append: true, run, own });
      for (let at = 0; at < 20; at += 1) {
        await sink.write("events", [row(`${turn}/${at}`)]);
        await sink.commit();
      }
      await sink.finish();
    }),
  );
  expect(query(path, "SELECT run, count(*) AS n FROM events GROUP BY run")).toEqual(
    runs.map((run) => ({ run, n: 20 })),
  );
});
