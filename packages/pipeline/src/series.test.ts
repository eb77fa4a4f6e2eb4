import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Source } from "@decant/core";
import { expect, test } from "vitest";
import { nextRun } from "./next-run.ts";
import { readState } from "./read-state.ts";
import { resumeExport } from "./resume-export.ts";
import { runExport } from "./run-export.ts";
import { heldPath, manifestPath, runFolder } from "./run-folder.ts";
import { createWorld, jobAt, run, type World, written } from "./testing/world.ts";
import { verifyExport } from "./verify-export.ts";

const key = "a key of thirty-two characters...";

/** A world with an event a second from 900 on, and one issue. */
async function createFilled(): Promise<World> {
  const world = await createWorld(50);
  for (let second = 900; second < 1000; second += 10) {
    world.server.events.push({ id: `e${second}`, second });
  }
  world.server.issues.set("i1", 1);
  return world;
}

async function heldLines({ state }: World): Promise<string[]> {
  const [name] = (await readdir(runFolder(state))).filter((file) => file.endsWith(".held"));
  return (await readFile(join(runFolder(state), name!), "utf8")).trimEnd().split("\n").sort();
}

test("runExport() of a series writes what is new, and says how far it has come", async () => {
  const world = await createFilled();
  const { server } = world;
  const first = await run(world, { lookback: 50 });
  expect(first).toMatchObject({
    rows: 11,
    streams: { events: { held: 0 }, issues: { rows: 1, held: 1 } },
    series: {
      lookbackMs: 50_000,
      covered: "1970-01-01T00:16:40Z",
      heldSince: "1970-01-01T00:15:50Z",
    },
  });
  expect(first.series).not.toHaveProperty("after");
  server.events.push({ id: "late", second: 960 }, { id: "new", second: 1005 });
  server.issues.set("i1", 2);
  world.now = 1010;
  const second = await run(world, { lookback: 50 });
  expect(second).toMatchObject({
    status: "complete",
    rows: 3,
    series: {
      previous: { run: first.run },
      after: "1970-01-01T00:15:50Z",
      covered: "1970-01-01T00:16:50Z",
    },
    streams: { events: { rows: 2, held: 5 }, issues: { rows: 1, held: 1 } },
    notes: [],
  });
  expect(second.run > first.run).toBe(true);
  expect(second.run).toMatch(/^19700101T001650Z-[0-9a-f]{8}$/);
  expect(written(world, "events")).toHaveLength(12);
});

test("runExport() of a series keeps the manifest of each run, which can be verified", async () => {
  const world = await createFilled();
  const { state, outputs } = world;
  const first = await run(world);
  const text = await readFile(state, "utf8");
  world.now = 1100;
  world.server.events.push({ id: "new", second: 1050 });
  const second = await run(world);
  expect(await readFile(manifestPath(state, first.run), "utf8")).toBe(text);
  for (const path of [manifestPath(state, first.run), state]) {
    const kept = await readState(path);
    if (kept.kind !== "manifest") throw new TypeError("it is no manifest");
    const verified = await verifyExport({ manifest: kept.manifest, sink: outputs.plugin });
    expect(verified).toMatchObject({ ok: true, rows: kept.manifest.rows });
  }
  expect((await readdir(runFolder(state))).sort()).toEqual([
    `${first.run}.decant`,
    `${second.run}.held`,
  ]);
});

test("runExport() of a series holds what can come again, each row once, for nobody else to read", async () => {
  const world = await createFilled();
  const { run: name } = await run(world, { lookback: 20 });
  world.server.issues.set("i1", 2);
  world.server.notes.push("n1");
  world.now = 1001;
  const { series, run: last } = await run(world, { lookback: 20 });
  expect((await heldLines(world)).map((line) => JSON.parse(line) as unknown)).toEqual([
    ["events", "e990", "1970-01-01T00:16:30.000Z"],
    ["issues", "i1", null, expect.stringMatching(/^[0-9a-f]{32}$/)],
    ["notes", "n1", null],
  ]);
  const { size, mode } = await stat(heldPath(world.state, last));
  expect([size, mode & 0o777]).toEqual([series?.heldBytes, 0o600]);
  expect(name).not.toBe(last);
});

test("runExport() of a series looks back no further than it holds what was written", async () => {
  const world = await createFilled();
  await run(world, { lookback: 10 });
  world.now = 1005;
  const { series, notes, rows } = await run(world, { lookback: 500 });
  expect(series).toMatchObject({ after: "1970-01-01T00:16:30Z", shortened: true });
  expect(notes).toEqual([
    "looked back to 1970-01-01T00:16:30Z only: of rows from before it is not held which were written",
  ]);
  expect(rows).toBe(0);
  world.now = 1400;
  const later = await run(world, { lookback: 500 });
  expect(later.series).toMatchObject({ after: "1970-01-01T00:16:30Z", shortened: true });
  world.now = 1500;
  expect((await run(world, { lookback: 100 })).series).not.toHaveProperty("shortened");
});

test("runExport() of a series does not move on from a run that is not complete", async () => {
  const world = await createFilled();
  const limited = await run(world, { job: { ...jobAt(1000), limit: 4 } });
  expect(limited).toMatchObject({ status: "limit", rows: 4 });
  expect(limited.series).not.toHaveProperty("covered");
  world.now = 1300;
  const rest = await run(world, { lookback: 1 });
  expect(rest).toMatchObject({ status: "complete", rows: 7, held: 5 });
  expect(rest.series).not.toHaveProperty("after");
});

test("runExport() of a series whose range ends before the last one looks back from there", async () => {
  const world = await createFilled();
  await run(world, { lookback: 50 });
  world.server.events.push({ id: "late", second: 965 });
  world.now = 990;
  const { rows, series } = await run(world, { lookback: 10 });
  expect({ rows, ...series }).toMatchObject({
    rows: 0,
    after: "1970-01-01T00:16:20Z",
    covered: "1970-01-01T00:16:40Z",
  });
  world.now = 940;
  await expect(run(world)).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    message: expect.stringContaining('earlier runs went on until "1970-01-01T00:16:40Z"'),
  });
});

test.each([
  ["its source", { job: { ...jobAt(1100), source: { name: "other", options: {} } } }],
  [
    "the options of its source",
    { job: { ...jobAt(1100), source: { name: "changing", options: { query: "a" } } } },
  ],
  ["its redaction", { job: { ...jobAt(1100), redact: { drop: ["second"] } } }],
  [
    "its redaction, its hash key",
    { job: { ...jobAt(1100), redact: { hash: ["a"] } }, hashKey: key },
  ],
  [
    "its sink, its output",
    { job: { ...jobAt(1100), sink: { name: "json", options: {}, destination: "b" } } },
  ],
] as const)("runExport() of a series refuses a run in which %s differ", async (what, more) => {
  const world = await createFilled();
  const first = await run(world);
  world.now = 1100;
  await expect(run(world, more)).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    kind: "usage",
    message: `Cannot go on with "${world.state}": not as in the run before: ${what}`,
  });
  expect(await readState(world.state)).toEqual({ kind: "manifest", manifest: first });
});

test("runExport() of a series refuses other streams, and takes its options in any order", async () => {
  const world = await createFilled();
  const options = (value: object) => ({
    job: { ...jobAt(1000), source: { name: "changing", options: value as never } },
  });
  await run(world, options({ a: 1, b: [2] }));
  await run(world, options({ b: [2], a: 1 }));
  const { source } = world.server;
  const fewer = { ...source, streams: source.streams.slice(1) };
  await expect(run(world, { ...options({ a: 1, b: [2] }), source: fewer })).rejects.toThrow(
    "not as in the run before: its streams",
  );
});

test("runExport() of a series begins no earlier than the run before", async () => {
  const world = await createFilled();
  const from = (second?: string) => {
    const range = {
      to: "1970-01-01T00:16:40Z",
      ...(second && { from: `1970-01-01T00:15:${second}Z` }),
    };
    return { job: { ...jobAt(1000), range } };
  };
  await run(world, from("10"));
  await run(world, from("20"));
  for (const earlier of [from("19"), from()]) {
    await expect(run(world, earlier)).rejects.toThrow(
      'not as in the run before: the range, which begins before "1970-01-01T00:15:20Z"',
    );
  }
});

test("runExport() of a series hides no change but one of what is taken out", async () => {
  const world = await createFilled();
  const redacting = () => ({ job: { ...jobAt(world.now), redact: { drop: ["version"] } } });
  await run(world, redacting());
  world.server.issues.set("i1", 2).set("i2", 1);
  const { streams, matches } = await run(world, redacting());
  expect(streams["issues"]).toMatchObject({ rows: 1, held: 3 });
  expect(matches).toEqual({ "drop version": 1 });
});

test("runExport() tells what is in the way of a series", async () => {
  const world = await createFilled();
  const { server, outputs, state } = world;
  const plain = { source: server.source, sink: outputs.plugin, state, job: jobAt(1000) };
  await expect(run(world, { lookback: Number.NaN })).rejects.toMatchObject({
    code: "LOOKBACK_INVALID",
  });
  expect(await nextRun(state)).toEqual({ kind: "first" });
  const manifest = await run(world);
  expect(await nextRun(state)).toEqual({ kind: "later", manifest, series: manifest.series });
  await expect(runExport(plain)).rejects.toMatchObject({ code: "STATE_EXISTS" });
  const { series: _, ...single } = manifest;
  await writeFile(state, JSON.stringify(single));
  expect(await nextRun(state)).toEqual({ kind: "ended", manifest: single });
  await expect(run(world)).rejects.toMatchObject({
    code: "STATE_EXISTS",
    message: expect.stringContaining("does not say which rows it wrote"),
  });
});

test("runExport() of a series never begins where a run was cut off before its first row", async () => {
  const world = await createFilled();
  const { server, outputs, state } = world;
  await run(world);
  world.now = 1100;
  server.events.push({ id: "new", second: 1050 });
  server.onPage = () => {
    throw new Error("the server is down");
  };
  await expect(run(world)).rejects.toThrow("the server is down");
  expect(await nextRun(state)).toMatchObject({ kind: "resume", state: { rows: 0 } });
  await expect(run(world)).rejects.toMatchObject({ code: "STATE_EXISTS" });
  const alone = { source: server.source, sink: outputs.plugin, state, job: jobAt(1100) };
  await expect(runExport(alone)).rejects.toMatchObject({ code: "STATE_EXISTS" });
  delete server.onPage;
  const manifest = await resumeExport({ source: server.source, sink: outputs.plugin, state });
  expect(manifest).toMatchObject({ status: "complete", rows: 1 });
});

test("runExport() of a series begins anew with force, beside what was written", async () => {
  const world = await createFilled();
  const first = await run(world);
  const again = await run(world, { force: true });
  expect(again).toMatchObject({ rows: 11, held: 1 });
  expect(again.series).not.toHaveProperty("previous");
  expect(world.outputs.runs.get(first.run)).toHaveLength(11);
  expect(await stat(manifestPath(world.state, first.run))).toBeDefined();
  await writeFile(world.state, "{");
  await expect(run(world)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
  expect(await run(world, { force: true })).toMatchObject({ rows: 11 });
});

test("runExport() of a series says when what is held is gone or was changed", async () => {
  const world = await createFilled();
  const { run: name } = await run(world);
  const path = heldPath(world.state, name);
  await writeFile(path, "[]\n", { flag: "a" });
  await expect(run(world)).rejects.toMatchObject({
    code: "STATE_MISMATCH",
    message: `Cannot tell what is held in "${path}": it is not as the last run left it`,
  });
  await rm(path);
  await expect(run(world)).rejects.toThrow("it is gone");
  expect(basename(dirname(path))).toBe("out.runs");
});

test("runExport() of a series says what it misses of a stream that earlier runs could not read", async () => {
  const world = await createFilled();
  const { source } = world.server;
  const without = (denied: readonly string[]): Source => ({
    ...source,
    async *read(slice, options) {
      if (!denied.includes(slice.stream)) yield* source.read(slice, options);
      else yield { rows: [], next: { end: { why: "denied" } } };
    },
  });
  const first = await run(world, { source: without(["events", "issues"]) });
  expect(first).toMatchObject({ status: "complete", series: { unread: ["events"] } });
  world.now = 1050;
  const second = await run(world, { source: without(["events"]) });
  expect(second.notes).toEqual(["late: denied", "early: denied"]);
  world.now = 1080;
  const { rows, notes } = await run(world, { lookback: 80 });
  expect(rows).toBe(3);
  expect(notes).toEqual([
    "events: an earlier run could not read it all: what is older than 1970-01-01T00:16:10Z is missing",
  ]);
});

test("runExport() of a series says what its range leaves out since the last run", async () => {
  const world = await createFilled();
  await run(world);
  world.now = 1100;
  const from = (second: string) => {
    const { range, ...job } = jobAt(world.now);
    return { job: { ...job, range: { ...range, from: `1970-01-01T00:${second}Z` } } };
  };
  expect((await run(world, from("16:40"))).notes).toEqual([]);
  world.now = 1200;
  const gap = await run(world, from("18:21"));
  expect(gap.notes).toEqual([
    "what lies between 1970-01-01T00:18:20Z and 1970-01-01T00:18:21Z is missing: the range begins behind the last run",
  ]);
});

test("readState() takes no run for a name that leads elsewhere", async () => {
  const world = await createFilled();
  const manifest = await run(world);
  await writeFile(world.state, JSON.stringify({ ...manifest, run: "../../etc" }));
  await expect(run(world)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
});
