import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Batch, createRow, type Row, type Slice, type Source } from "@decant/core";
import { ndjsonSink } from "@decant/sink";
import { expect, test } from "vitest";
import type { Manifest } from "./manifest.ts";
import { runExport } from "./run-export.ts";
import { createMemorySink } from "./testing/memory-sink.ts";

type Pages = Record<string, readonly Batch[]>;

function rowsOf(...ids: string[]): Row[] {
  return ids.map((id) => createRow({ id, json: new TextEncoder().encode(`{"id":"${id}"}`) }));
}

/** Exports slices, each with its passes: a batch a pass. The part of a key before `/` is the stream. */
async function exportPages(pages: Pages): Promise<Manifest> {
  const folder = await mkdtemp(join(tmpdir(), "decant-manifest-"));
  const passes = new Map<string, number>();
  const names = [...new Set(Object.keys(pages).map((key) => key.split("/")[0]!))];
  const source: Source = {
    identity: "pages",
    streams: names.map((name) => ({ name, columns: [], id: [[["id"]]] })),
    lanes: { main: { concurrency: 1 } },
    plan: async () =>
      Object.keys(pages).map((key): Slice => {
        const stream = key.split("/")[0]!;
        return { key, stream, lane: "main", dedupe: "slice", args: null };
      }),
    async *read({ key }) {
      const pass = passes.get(key) ?? 0;
      passes.set(key, pass + 1);
      yield pages[key]![pass]!;
    },
  };
  const many = { ...createMemorySink().plugin, streams: "many" as const };
  const sink = names.length > 1 ? many : ndjsonSink;
  return await runExport({
    source,
    sink,
    state: join(folder, "out.decant"),
    job: {
      source: { name: "pages", options: {} },
      sink: { name: "ndjson", options: {}, destination: join(folder, "out.ndjson") },
      range: { to: "2026-01-01T00:00:00Z" },
    },
  });
}

function done(rows: readonly Row[], expected?: number): Batch {
  return { rows, next: { end: { why: "complete", ...(expected !== undefined && { expected }) } } };
}

test("buildManifest() sums each stream up, and says where its ids lie", async () => {
  const { streams, digest, ...manifest } = await exportPages({
    "events/1": [done(rowsOf("a", "b"))],
    "events/2": [done(rowsOf("c"))],
    teams: [done(rowsOf("a"))],
  });
  expect(manifest).toMatchObject({ status: "complete", rows: 4, notes: [] });
  expect(streams).toMatchObject({
    events: { rows: 3, bytes: 30, duplicates: 0, hollow: 0, held: 0, id: [[["id"]]] },
    teams: { rows: 1, bytes: 10, first: { id: "a" }, last: { id: "a" } },
  });
  const sum = [streams["events"], streams["teams"]].reduce(
    (total, stream) => (total + BigInt(`0x${stream?.digest}`)) % (1n << 256n),
    0n,
  );
  expect(sum.toString(16).padStart(64, "0")).toBe(digest);
  expect(streams["events"]?.idDigest).toMatch(/^[0-9a-f]{64}$/);
});

test("buildManifest() tells what the server's count confirmed, and what had to be read again", async () => {
  const { status, proof, notes, slices } = await exportPages({
    "events/confirmed": [done(rowsOf("a", "b"), 2)],
    "events/more": [done(rowsOf("c", "d"), 1)],
    "events/uncounted": [done(rowsOf("e"))],
    "events/differed": [done(rowsOf("f"), 2), done(rowsOf("f", "g"), 2)],
    "events/short": Array.from({ length: 4 }, () => done(rowsOf("h"), 2)),
  });
  expect(status).toBe("partial");
  expect(proof).toEqual({
    slices: 5,
    confirmed: { slices: 3, rows: 6 },
    reread: 2,
    holes: 1,
    gone: 0,
    denied: 0,
    absent: 0,
  });
  expect(notes).toEqual([
    "events/short: hole: the server counts 2 rows and lists 1 of them in 4 passes",
    "read again, as what came differed: events/differed, events/short",
  ]);
  expect(slices.find(({ key }) => key === "events/differed")).toMatchObject({
    differed: true,
    confirmed: true,
    passes: 2,
  });
});

test("buildManifest() names what is denied and absent, and counts hollow rows", async () => {
  const hollow = rowsOf("a", "b").map((row) => createRow({ ...row, hollow: true }));
  const { status, proof, notes, ...manifest } = await exportPages({
    events: [done([...hollow, ...rowsOf("c")])],
    teams: [{ rows: [], next: { end: { why: "denied", detail: "it takes team:read" } } }],
    monitors: [{ rows: [], next: { end: { why: "absent" } } }],
  });
  expect(status).toBe("complete");
  expect(proof).toMatchObject({ slices: 3, denied: 1, absent: 1, holes: 0 });
  expect(manifest).toMatchObject({ rows: 3, hollow: 2, streams: { events: { hollow: 2 } } });
  expect(notes).toEqual([
    "teams: denied: it takes team:read",
    "monitors: absent",
    "events: hollow rows, of which the server has lost most: 2",
  ]);
});

test("buildManifest() names no more slices than a person reads", async () => {
  const pages: Pages = {};
  for (let n = 1; n <= 23; n++) {
    pages[`events/${n}`] = [done([], 1), done(rowsOf(`${n}`), 1)];
  }
  const { notes } = await exportPages(pages);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/: events\/1, events\/2, .*, events\/20 and 3 more$/);
});

test("buildManifest() names parts together that could not be read for one reason", async () => {
  const denied = (detail: string): Batch => ({
    rows: [],
    next: { end: { why: "denied", detail } },
  });
  const pages: Pages = { "teams/all": [denied("it takes team:read")] };
  for (const slug of ["api", "app", "web", "www"]) {
    pages[`keys/${slug}`] = [denied(`no keys of ${slug}`)];
    pages[`rules/${slug}`] = [denied("it takes project:read")];
  }
  const { notes } = await exportPages(pages);
  expect(notes).toEqual([
    "teams/all: denied: it takes team:read",
    "keys: denied in 4 parts (keys/api, keys/app, keys/web and 1 more): such as no keys of api",
    "rules: denied in 4 parts (rules/api, rules/app, rules/web and 1 more): it takes project:read",
  ]);
});
