import { Buffer } from "node:buffer";
import { type Column, createRow, type Json, type Row, type SinkOpenOptions } from "@decant/core";
import fc from "fast-check";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { postgresSink } from "./postgres-sink.ts";
import { startPostgres } from "./start-postgres.ts";

const server = await startPostgres();
const place = `postgres:///postgres?user=postgres&host=${server.folder}&port=${server.port}`;
const admin = new pg.Client({ host: server.folder, port: server.port, user: "postgres" });
await admin.connect();
afterAll(async () => {
  await admin.end();
  await server.stop();
});
let schemas = 0;

const columns: readonly Column[] = [
  { name: "title", type: "text", paths: [["title"]] },
  { name: "count", type: "int", paths: [["count"]] },
  { name: "ratio", type: "float", paths: [["ratio"]] },
  { name: "handled", type: "bool", paths: [["handled"]] },
  { name: "seen", type: "time", paths: [["seen"]] },
  { name: "tags", type: "json", paths: [["tags"]] },
];
const events = { name: "events", columns };

/** One schema of its own, and the ways to fill it and to look into it. */
function setUp() {
  schemas += 1;
  const schema = `s${schemas}`;
  function options(more: Partial<SinkOpenOptions> = {}): SinkOpenOptions {
    const base = { destination: place, streams: [events], run: "r1", force: false };
    return { ...base, ...more, options: { schema, ...more.options } };
  }
  const open = async (more?: Partial<SinkOpenOptions>) => await postgresSink.open(options(more));
  return {
    schema,
    open,
    /** Writes, commits and finishes. */
    async pour(rows: readonly Row[], more?: Partial<SinkOpenOptions>): Promise<Json> {
      await using sink = await open(more);
      await sink.write("events", rows);
      const position = await sink.commit();
      await sink.finish();
      return position;
    },
    async select(sql: string): Promise<Record<string, unknown>[]> {
      return (await admin.query(sql.replaceAll("$s", schema))).rows;
    },
    async read(run?: string): Promise<string[]> {
      const found: string[] = [];
      const { destination, options: own } = options();
      const pages = postgresSink.read!({ destination, options: own, ...(run && { run }) });
      for await (const { json } of pages)
        found.push(...json.map((row) => Buffer.from(row).toString()));
      return found.sort();
    },
  };
}

function row(id: string, value: unknown = {}, time?: string): Row {
  const json = typeof value === "string" ? value : JSON.stringify(value);
  return createRow({ id, json: new TextEncoder().encode(json), ...(time && { time }) });
}

test("postgres fills columns of their types, to the microsecond and beyond 2^53", async () => {
  const { pour, select } = setUp();
  const full = `{"title":"a","count":9007199254740993,"ratio":1e-3,"handled":true,
    "seen":"2026-01-31T13:00:00.123456+01:00","tags":{"n":12345678901234567890}}`.replace("\n", "");
  await pour([row("1", full, "2026-01-31T12:00:00.5Z"), row("2")]);
  expect(
    await select(`SELECT row_id, row_time AT TIME ZONE 'UTC' || '' AS time, title, count, ratio, handled,
      seen AT TIME ZONE 'UTC' || '' AS seen, tags::text, run FROM $s.events ORDER BY row_id`),
  ).toEqual([
    {
      ...{ row_id: "1", time: "2026-01-31 12:00:00.5", title: "a", count: "9007199254740993" },
      ...{ ratio: 0.001, handled: true, seen: "2026-01-31 12:00:00.123456", run: "r1" },
      tags: '{"n": 12345678901234567890}',
    },
    {
      ...{ row_id: "2", time: null, title: null, count: null, ratio: null, handled: null },
      ...{ seen: null, tags: null, run: "r1" },
    },
  ]);
  expect(
    await select(`SELECT a.attname AS name, format_type(atttypid, atttypmod) AS type
      FROM pg_attribute a WHERE attrelid = '$s.events'::regclass AND attnum > 0 ORDER BY attnum`),
  ).toEqual([
    { name: "row_id", type: "text" },
    { name: "row_time", type: "timestamp with time zone" },
    { name: "title", type: "text" },
    { name: "count", type: "bigint" },
    { name: "ratio", type: "double precision" },
    { name: "handled", type: "boolean" },
    { name: "seen", type: "timestamp with time zone" },
    { name: "tags", type: "jsonb" },
    { name: "raw", type: "json" },
    { name: "run", type: "text" },
  ]);
});

test("postgres takes rows of any values, and keeps their bytes", async () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("\0", "\ud800", "9999-12-31T23:59:59Z", "0000-01-01", "12", 1e300, -1e-300),
    fc.bigInt().map(String),
  );
  const record = fc.record({
    ...{ title: value, count: value, ratio: value, handled: value, seen: value, tags: value },
  });
  const odd = ['{"tags":[1e400,-1e-400,"\\ud800\\u0000"]}', '{"tags":{"\\u0000":1,"\\ufffd":2}}'];
  const deep = `{"tags":${"[".repeat(9000)}${"]".repeat(9000)}}`;
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 20, maxLength: 60 }), async (values) => {
      const { pour, read } = setUp();
      const texts = [...values.map((one) => JSON.stringify(one)), ...odd, deep];
      await pour(texts.map((text, index) => row(String(index), text)));
      expect(await read()).toEqual(texts.sort());
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

test("postgres adds missing columns, and keeps those of others", async () => {
  const { pour, open, select, read } = setUp();
  await using first = await open({ streams: [{ name: "events", columns: columns.slice(0, 1) }] });
  await first.write("events", [row("1", { title: "a", count: 1 })]);
  await first.commit();
  await select("ALTER TABLE $s.events ADD COLUMN mine text DEFAULT 'x'");
  await pour([row("2", { title: "b", count: 2 })], { run: "r2", append: true });
  expect(await select("SELECT row_id, title, count, mine FROM $s.events ORDER BY 1")).toEqual([
    { row_id: "1", title: "a", count: null, mine: "x" },
    { row_id: "2", title: "b", count: "2", mine: "x" },
  ]);
  expect(await read("r1")).toEqual(['{"title":"a","count":1}']);
});

test.each([
  ["CREATE VIEW $s.events AS SELECT 1 AS row_id", "no table"],
  ["CREATE TABLE $s.events (id int)", "no column row_id"],
  ["CREATE TABLE $s.events (row_id text)", "not its key"],
  ["CREATE TABLE $s.events (row_id text PRIMARY KEY, row_time timestamptz)", "no column raw"],
  [
    "CREATE TABLE $s.events (row_id text PRIMARY KEY, row_time timestamptz, raw jsonb, run text)",
    '"raw" is jsonb instead of json',
  ],
  [
    "CREATE TABLE $s.events (row_id text PRIMARY KEY, row_time timestamptz, raw json, run text, title varchar(9))",
    '"title" is character varying(9) instead of text',
  ],
])("postgres leaves alone what is not its own: %s", async (sql, state) => {
  const { open, select } = setUp();
  await select(`CREATE SCHEMA $s; ${sql}`);
  await expect(open({ force: true })).rejects.toMatchObject({
    code: "POSTGRES_TABLE_MISMATCH",
    kind: "usage",
    message: expect.stringContaining(state),
    hint: expect.stringContaining("prefix"),
  });
});

test("postgres refuses tables that hold rows, unless it may add or replace", async () => {
  const { pour, open, read, select } = setUp();
  await pour([row("1", '"old"'), row("2", '"old"')]);
  await expect(open({ run: "r2" })).rejects.toMatchObject({ code: "OUTPUT_EXISTS", kind: "usage" });
  await pour([row("2", '"added"')], { run: "r2", options: { add: true }, force: true });
  expect(await read()).toEqual(['"added"', '"old"']);
  expect(await read("r2")).toEqual(['"added"']);
  const forced = await open({ run: "r3", force: true });
  await forced.write("events", [row("3", '"new"')]);
  const position = await forced.commit();
  // What was there stays until the new rows are whole.
  expect(await read()).toEqual(['"added"', '"new"', '"old"']);
  await forced.finish();
  await forced[Symbol.asyncDispose]();
  expect(await read()).toEqual(['"new"']);
  expect(
    await select("SELECT run, commits, finished_at IS NOT NULL AS done FROM $s.decant_runs"),
  ).toEqual([{ run: "r3", commits: "1", done: true }]);
  // Made good after a crash, it leaves what others have added since.
  await pour([row("4", '"later"')], { run: "r4", options: { add: true } });
  await using again = await open({ run: "r3", force: true, position, finishing: true });
  await again.finish();
  expect(await read()).toEqual(['"later"', '"new"']);
});

test("postgres drops what was committed after the position, though it does not come again", async () => {
  const { open, read } = setUp();
  const sink = await open();
  await sink.write("events", [row("1", "1")]);
  const position = await sink.commit();
  await sink.write("events", [row("2", "2")]);
  await sink.commit();
  await sink[Symbol.asyncDispose]();
  expect(await read()).toEqual(["1", "2"]);
  await using resumed = await open({ position });
  await resumed.write("events", [row("3", "3")]);
  await resumed.commit();
  expect(await read()).toEqual(["1", "3"]);
});

test("postgres refuses to go on in tables that were set back, replaced, or are of others", async () => {
  const { pour, open, select } = setUp();
  const position = await pour([row("1")]);
  for (const wrong of [null, "x", {}, { commits: "1" }]) {
    await expect(open({ position: wrong })).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  }
  await expect(open({ position: { commits: 2 } })).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    message: expect.stringContaining("set back"),
  });
  await expect(open({ position, run: "r2" })).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  const sink = await open({ position });
  await pour([row("2")], { run: "r2", force: true });
  await sink.write("events", [row("3")]);
  await expect(sink.commit()).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    message: expect.stringContaining("replaced"),
  });
  await expect(sink.write("events", [])).rejects.toMatchObject({ code: "STATE_MISMATCH" });
  await sink[Symbol.asyncDispose]();
  expect(await select("SELECT row_id FROM $s.events")).toEqual([{ row_id: "2" }]);
});

test("postgres lets several exports write the same rows at once", async () => {
  const { pour, read } = setUp();
  const ids = Array.from({ length: 300 }, (_, index) => String(index));
  await Promise.all(
    Array.from({ length: 6 }, async (_, turn) => {
      const mixed = turn % 2 === 0 ? ids : [...ids].reverse();
      const rows = mixed.flatMap((id) => [row(id, '"earlier"'), row(id, '"later"')]);
      await pour(rows, { run: `r${turn}`, options: { add: true } });
    }),
  );
  expect(await read()).toEqual(ids.map(() => '"later"'));
});

test("postgres indexes time and what it is asked to, and what an index refuses is in raw", async () => {
  const { pour, select } = setUp();
  const index = { index: ["title", "tags"] };
  const long = Array.from({ length: 900 }, (_, at) => Math.sin(at)).join(" ");
  const values = [{ title: "short", tags: { a: "b" } }, { title: long }];
  await pour([row("1", values[0]), row("2", values[1])], { options: index });
  await pour([row("3", values[1])], { options: { ...index, add: true }, run: "r2" });
  expect(
    await select("SELECT indexname AS name FROM pg_indexes WHERE schemaname = '$s' ORDER BY 1"),
  ).toEqual(
    [
      "decant_runs_pkey",
      "events_pkey",
      "events_row_time_idx",
      "events_tags_idx",
      "events_title_idx",
    ].map((name) => ({ name })),
  );
  expect(
    await select("SELECT title, length(raw->>'title') AS length FROM $s.events ORDER BY row_id"),
  ).toEqual([
    { title: "short", length: 5 },
    { title: null, length: long.length },
    { title: null, length: long.length },
  ]);
});

test("postgres refuses an id that can be no key, before anything is written", async () => {
  const { open } = setUp();
  await using sink = await open();
  for (const id of ["a\0b", "a\ud800", "ü".repeat(1400)]) {
    await expect(sink.write("events", [row("1"), row(id)])).rejects.toMatchObject({
      code: "ROW_INVALID",
      kind: "sink",
    });
  }
});

test("postgres says what is in the way of a row", async () => {
  const { open, select } = setUp();
  const sink = await open();
  await select("ALTER TABLE $s.events ADD CHECK (title <> 'secret')");
  await sink.write("events", [row("1", { title: "secret" })]);
  const error = await sink.commit().catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: "ROW_INVALID",
    message: expect.stringContaining("SQLSTATE 23514"),
  });
  // What a row holds is for nobody's log.
  expect(JSON.stringify([error, String(error)])).not.toContain("secret");
  await expect(sink.finish()).rejects.toBe(error);
  await sink[Symbol.asyncDispose]();
});

test("postgres takes what is too deep for json where raw is text", async () => {
  const { pour, select, read } = setUp();
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  await expect(pour([row("1", deep)])).rejects.toMatchObject({
    code: "ROW_INVALID",
    hint: expect.stringContaining("type text"),
  });
  await select("ALTER TABLE $s.events ALTER COLUMN raw TYPE text");
  await pour([row("1", deep)], { run: "r2" });
  expect(await read()).toEqual([deep]);
});

test("postgres does with a user's least rights", async () => {
  const { schema, pour, open, select } = setUp();
  await pour([], {});
  await select(`DO $$ BEGIN IF to_regrole('loader') IS NULL THEN CREATE ROLE loader LOGIN; END IF; END $$;
    GRANT USAGE ON SCHEMA $s TO loader`);
  const destination = place.replace("user=postgres", "user=loader");
  await expect(open({ destination, run: "r2" })).rejects.toMatchObject({
    code: "SINK_DENIED",
    kind: "sink",
    hint: expect.stringContaining("privileges"),
  });
  await select("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA $s TO loader");
  await pour([row("1")], { destination, run: "r2" });
  await expect(
    open({ destination, options: { schema: `${schema}x` }, run: "r2" }),
  ).rejects.toMatchObject({ code: "SINK_DENIED" });
});

test("postgres waits for the disk at a commit, also where the server is set not to", async () => {
  const { open, select } = setUp();
  await select("ALTER ROLE postgres SET synchronous_commit = off");
  await using sink = await open();
  await select(`CREATE FUNCTION $s.note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.title = current_setting('synchronous_commit'); RETURN NEW; END $$;
    CREATE TRIGGER note BEFORE INSERT ON $s.events FOR EACH ROW EXECUTE FUNCTION $s.note();
    ALTER ROLE postgres RESET synchronous_commit`);
  await sink.write("events", [row("1")]);
  await sink.commit();
  expect(await select("SELECT title FROM $s.events")).toEqual([{ title: "on" }]);
});

test.each([
  ["lock_timeout", "55P03"],
  ["statement_timeout", "57014"],
])("postgres gives up by the user's %s, and may be resumed", async (setting, code) => {
  const { open, select } = setUp();
  const destination = `${place}&options=-c%20${setting}%3D50ms`;
  const sink = await open({ destination });
  const position = await sink.commit();
  await select("BEGIN; LOCK TABLE $s.events");
  await sink.write("events", [row("1")]);
  const failure = expect(sink.commit()).rejects.toMatchObject({
    code: "POSTGRES_BUSY",
    retryable: true,
    message: expect.stringContaining(code),
  });
  await failure;
  await select("COMMIT");
  await sink[Symbol.asyncDispose]();
  await using resumed = await open({ position });
  await resumed.write("events", [row("1")]);
  await resumed.commit();
  expect(await select("SELECT row_id FROM $s.events")).toEqual([{ row_id: "1" }]);
});

test("postgres refuses a database that does not hold all characters", async () => {
  await admin.query("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
  const { open } = setUp();
  await expect(
    open({ destination: place.replace("///postgres", "///latin") }),
  ).rejects.toMatchObject({
    code: "POSTGRES_ENCODING",
    kind: "usage",
  });
});

test("postgres reads streams and runs apart, and what is not there not at all", async () => {
  const { schema, open } = setUp();
  const issues = { name: "issue-hashes", columns: [] };
  await using sink = await open({ streams: [events, issues], options: { prefix: "p_" } });
  await sink.write("events", [row("1", "1")]);
  await sink.write("issue-hashes", [row("1", "2")]);
  await sink.commit();
  const read = async (more: object, options = { schema, prefix: "p_" }) => {
    const found: unknown[] = [];
    const pages = postgresSink.read!({ destination: place, options, ...more });
    for await (const { stream, json } of pages) found.push([stream, json.length]);
    return found;
  };
  expect(await read({})).toEqual([
    ["events", 1],
    ["issue-hashes", 1],
  ]);
  expect(await read({ streams: [issues] })).toEqual([["issue-hashes", 1]]);
  expect(await read({ run: "it's another" })).toEqual([]);
  for (const [more, options] of [
    [{ streams: [{ name: "replays", columns: [] }] }, { schema, prefix: "p_" }],
    [{}, { schema, prefix: "" }],
    [{}, { schema: "none", prefix: "" }],
  ] as const) {
    await expect(read(more, options)).rejects.toMatchObject({
      code: "OUTPUT_MISSING",
      kind: "verify",
    });
  }
});
