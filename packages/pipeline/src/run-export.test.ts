import { appendFile, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, DecantError, type Slice, type Source } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Job } from "./job.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress } from "./progress.ts";
import { readState } from "./read-state.ts";
import { resumeExport } from "./resume-export.ts";
import { type ExportOptions, runExport } from "./run-export.ts";
import { createMemorySink, type MemoryOutput } from "./testing/memory-sink.ts";
import {
  bodyOf,
  createOffsetServer,
  type OffsetServer,
  type OffsetServerOptions,
  type ServerRow,
} from "./testing/offset-server.ts";
import { verifyExport } from "./verify-export.ts";

const job: Job = {
  source: { name: "offset", options: {} },
  sink: { name: "memory", options: {}, destination: "out" },
  range: { to: "1970-01-01T01:00:00Z" },
};

async function statePath(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "decant-pipeline-")), "out.decant");
}

function makeRows(count: number, perSecond = 1): ServerRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `e${index}`,
    second: Math.floor(index / perSecond),
  }));
}

async function start(
  server: OffsetServer,
  output: MemoryOutput,
  more: Partial<ExportOptions> = {},
): Promise<Manifest> {
  const { source } = server;
  return runExport({ source, sink: output.plugin, job, state: await statePath(), ...more });
}

function goOn(server: OffsetServer, output: MemoryOutput, state: string): Promise<Manifest> {
  return resumeExport({ source: server.source, sink: output.plugin, state });
}

/** An export of 60 rows that was interrupted at its fourth page. */
async function startInterrupted(): Promise<{
  server: OffsetServer;
  output: MemoryOutput;
  state: string;
}> {
  const stop = new AbortController();
  const server = createOffsetServer(makeRows(60), {
    pageSize: 10,
    counts: true,
    onPage: ({ pages }) => pages === 4 && stop.abort(),
  });
  const output = createMemorySink();
  const state = await statePath();
  await start(server, output, { state, signal: stop.signal });
  return { server, output, state };
}

function expectExact(output: MemoryOutput, rows: readonly ServerRow[]): void {
  expect([...output.lines].sort()).toEqual(rows.map(bodyOf).sort());
}

test("runExport() gives each row once and proves it in the manifest", async () => {
  const server = createOffsetServer(makeRows(105), { pageSize: 10, counts: true, splitAbove: 40 });
  const output = createMemorySink();
  const state = await statePath();
  const manifest = await start(server, output, { state });
  expectExact(output, server.rows);
  expect(manifest).toMatchObject({ status: "complete", rows: 105, duplicates: 0, notes: [] });
  expect(manifest.streams["events"]).toMatchObject({
    rows: 105,
    first: { id: "e0", time: "1970-01-01T00:00:00.000Z" },
    last: { id: "e104" },
  });
  expect(manifest.slices.filter(({ end }) => end?.why === "split").length).toBeGreaterThan(0);
  expect(await readState(state)).toEqual({ kind: "manifest", manifest });
  expect((await verifyExport({ manifest, sink: output.plugin })).ok).toBe(true);
  output.lines[3] = "{}";
  const { problems } = await verifyExport({ manifest, sink: output.plugin });
  expect(problems).toHaveLength(2);
});

test("runExport() drops rows that come again when pages shift under new ones", async () => {
  let extra = 0;
  const server = createOffsetServer(makeRows(50), {
    pageSize: 7,
    counts: true,
    onPage({ rows }) {
      if (extra < 20) rows.push({ id: `late${extra++}`, second: 3000 });
    },
  });
  const output = createMemorySink();
  const manifest = await start(server, output);
  const lines = new Set(output.lines);
  expect(output.lines).toHaveLength(lines.size);
  expect(makeRows(50).every((row) => lines.has(bodyOf(row)))).toBe(true);
  expect(manifest).toMatchObject({ status: "complete", rows: lines.size });
  expect(manifest.duplicates).toBeGreaterThan(0);
});

test("runExport() reads a slice again when rows went away and others slipped past it", async () => {
  const server = createOffsetServer(makeRows(60), {
    pageSize: 10,
    counts: true,
    onPage({ rows, pages }) {
      if (pages === 3) rows.splice(50, 5); // Newest first: these have been read.
    },
  });
  const output = createMemorySink();
  await start(server, output);
  const lines = new Set(output.lines);
  expect(server.rows.every((row) => lines.has(bodyOf(row)))).toBe(true);
  expect(output.lines).toHaveLength(60);
});

test("runExport() without a count reads until a whole pass finds nothing new", async () => {
  const server = createOffsetServer(makeRows(30), { pageSize: 10, counts: false });
  const output = createMemorySink();
  const manifest = await start(server, output);
  expectExact(output, server.rows);
  expect(manifest.slices[0]).toMatchObject({ passes: 2, end: { why: "complete" } });
  const single = createOffsetServer(makeRows(5), { pageSize: 10, counts: false });
  expect((await start(single, createMemorySink())).slices[0]?.passes).toBe(1);
});

test("runExport() names a hole when the server counts more than it lists", async () => {
  const server = createOffsetServer(makeRows(30), { pageSize: 10, counts: false });
  const { source } = server;
  const output = createMemorySink();
  const lying = {
    ...source,
    async *read(...[slice, options]: Parameters<typeof source.read>) {
      for await (const batch of source.read(slice, options)) {
        if ("cursor" in batch.next) yield batch;
        else yield { ...batch, next: { end: { why: "complete" as const, expected: 33 } } };
      }
    },
  };
  const manifest = await start({ ...server, source: lying }, output);
  expect(manifest.status).toBe("partial");
  expect(manifest.notes[0]).toContain("33 rows and lists 30");
  expectExact(output, server.rows);
});

test("runExport() stops at the limit and says so", async () => {
  const server = createOffsetServer(makeRows(100), { pageSize: 10, counts: true });
  const output = createMemorySink();
  const manifest = await start(server, output, { job: { ...job, limit: 25 } });
  expect(manifest).toMatchObject({ status: "limit", rows: 25 });
  expect(output.lines).toHaveLength(25);
  expect(output.finished).toBe(true);
  expect(server.pages).toBeLessThan(6);
});

test("runExport() whose reader goes away ends well and writes nothing more", async () => {
  let writes = 0;
  const output = createMemorySink({
    onStep(step) {
      if (step !== "write") return;
      writes += 1;
      if (writes < 3) return;
      throw new DecantError("OUTPUT_CLOSED", "Cannot write: closed", { kind: "sink" });
    },
  });
  const server = createOffsetServer(makeRows(100), { pageSize: 10, counts: true });
  const manifest = await start(server, output);
  expect(manifest).toMatchObject({ status: "closed", rows: 20 });
  expect({ writes, finished: output.finished }).toEqual({ writes: 3, finished: false });
});

test("runExport() reports how far it is", async () => {
  const seen: Progress[] = [];
  const server = createOffsetServer(makeRows(100), { pageSize: 10, counts: true, splitAbove: 60 });
  await start(server, createMemorySink(), { onProgress: (progress) => void seen.push(progress) });
  expect(seen.at(-1)).toEqual({
    rows: 100,
    bytes: expect.any(Number),
    duplicates: 0,
    streams: { events: 100 },
    slices: { done: expect.any(Number), open: 1, waiting: 0 },
    expected: 100,
  });
});

test("runExport() gives each row once when a slice is split after some of its rows", async () => {
  const server = createOffsetServer(makeRows(40), { pageSize: 10, counts: true });
  const { source } = server;
  const splitting: Source = {
    ...source,
    async *read(slice, options) {
      for await (const batch of source.read(slice, options)) {
        if (slice.key !== "0-3600") yield batch;
        else {
          const part = (from: number, to: number): Slice => ({
            ...slice,
            key: `${from}-${to}`,
            args: { from, to },
          });
          const spawn = [part(20, 3600), part(0, 20)];
          yield { ...batch, next: { end: { why: "split" } }, spawn };
          return;
        }
      }
    },
  };
  const output = createMemorySink();
  const manifest = await start({ ...server, source: splitting }, output);
  expectExact(output, server.rows);
  expect(manifest).toMatchObject({ status: "complete", duplicates: 10 });
});

test("runExport() that is interrupted commits, and goes on where it stopped", async () => {
  const stop = new AbortController();
  const server = createOffsetServer(makeRows(100), {
    pageSize: 10,
    counts: true,
    onPage: ({ pages }) => pages === 5 && stop.abort(),
  });
  const output = createMemorySink();
  const state = await statePath();
  const first = await start(server, output, { state, signal: stop.signal });
  expect(first.status).toBe("interrupted");
  expect(output.finished).toBe(false);
  const found = await readState(state);
  expect(found).toMatchObject({ kind: "journal", rows: output.lines.length });
  expect(output.lines.length).toBeGreaterThan(0);
  const second = await goOn(server, output, state);
  expect(second).toMatchObject({ status: "complete", rows: 100 });
  expectExact(output, server.rows);
});

test("runExport() leaves the state where it was when a page fails", async () => {
  let broken = true;
  const server = createOffsetServer(makeRows(100), {
    pageSize: 10,
    counts: true,
    onPage({ pages }) {
      if (broken && pages > 4) throw new Error("the server is down");
    },
  });
  const output = createMemorySink();
  const state = await statePath();
  await expect(start(server, output, { state })).rejects.toThrow("the server is down");
  expect(await readState(state)).toMatchObject({ kind: "journal", rows: 40 });
  broken = false;
  await goOn(server, output, state);
  expectExact(output, server.rows);
});

test("runExport() refuses a state that is there", async () => {
  const server = createOffsetServer(makeRows(3), { pageSize: 10, counts: true });
  const output = createMemorySink();
  const state = await statePath();
  await start(server, output, { state });
  await expect(start(server, output, { state })).rejects.toMatchObject({ code: "STATE_EXISTS" });
});

test("runExport() leaves an earlier export alone when it cannot start", async () => {
  const server = createOffsetServer(makeRows(3), { pageSize: 10, counts: true });
  const output = createMemorySink();
  const state = await statePath();
  const manifest = await start(server, output, { state });
  const planless: Source = {
    ...server.source,
    plan: async () => {
      throw new Error("no such issue");
    },
  };
  const refused = start({ ...server, source: planless }, output, { state, force: true });
  await expect(refused).rejects.toThrow("no such issue");
  const full = createMemorySink({
    onStep() {
      throw new Error("the disk is full");
    },
  });
  const stopped = start(server, full, { state, force: true });
  await expect(stopped).rejects.toThrow("the disk is full");
  expect(await readState(state)).toEqual({ kind: "manifest", manifest });
});

test("resumeExport() refuses a state of another source", async () => {
  const { server, output, state } = await startInterrupted();
  const other = { ...server, source: { ...server.source, identity: "another" } };
  await expect(goOn(other, output, state)).rejects.toMatchObject({ code: "STATE_MISMATCH" });
});

test("runExport() leaves no state behind when the sink does not open", async () => {
  const server = createOffsetServer(makeRows(3), { pageSize: 10, counts: true });
  const output = createMemorySink();
  await start(server, output);
  const state = await statePath();
  await expect(start(server, output, { state })).rejects.toMatchObject({ code: "OUTPUT_EXISTS" });
  await expect(stat(state)).rejects.toMatchObject({ code: "ENOENT" });
});

test("runExport() resumes past a last line that a crash tore off, and no other", async () => {
  const { server, output, state } = await startInterrupted();
  const whole = await readFile(state, "utf8");
  await writeFile(state, `${whole.slice(0, 60)}\n${whole.slice(60)}`);
  await expect(readState(state)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
  await writeFile(state, `${whole}{"commit":{"position":{"li`);
  await goOn(server, output, state);
  expectExact(output, server.rows);
});

test("runExport() takes no notice of a start that failed, and of nothing else that is there", async () => {
  const server = createOffsetServer(makeRows(30), {
    pageSize: 10,
    counts: true,
    onPage: ({ pages }) => {
      if (pages === 1) throw new Error("the server is down");
    },
  });
  const output = createMemorySink();
  const state = await statePath();
  await expect(start(server, output, { state })).rejects.toThrow("the server is down");
  await start(server, output, { state });
  expectExact(output, server.rows);
  await expect(start(server, output, { state })).rejects.toMatchObject({ code: "STATE_EXISTS" });
});

test("runExport() refuses several streams for a sink of one", async () => {
  const { source } = createOffsetServer([], { pageSize: 10, counts: true });
  const two = { ...source, streams: [...source.streams, { name: "issues", columns: [] }] };
  const refused = runExport({
    source: two,
    sink: createMemorySink().plugin,
    job,
    state: await statePath(),
  });
  await expect(refused).rejects.toMatchObject({ code: "SINK_ONE_STREAM" });
});

test.each([
  ["into nothing", "slice", []],
  ["after rows whose ids are not kept", "page", [makeRows(1)]],
] as const)("runExport() refuses a slice that is split %s", async (_how, dedupe, rows) => {
  const { source } = createOffsetServer(makeRows(2), { pageSize: 10, counts: true });
  const slice: Slice = { key: "all", stream: "events", lane: "main", dedupe, args: null };
  const splitting: Source = {
    ...source,
    plan: async () => [slice],
    async *read() {
      const spawn = rows.map(() => ({ ...slice, key: "part" }));
      const json = new TextEncoder().encode("{}");
      const batch = rows.map(() => createRow({ id: "e0", json }));
      yield { rows: batch, next: { end: { why: "split" } }, spawn };
    },
  };
  const sink = createMemorySink().plugin;
  const refused = runExport({ source: splitting, sink, job, state: await statePath() });
  await expect(refused).rejects.toMatchObject({ code: "SOURCE_CONTRACT" });
});

test("resumeExport() leaves alone what another process has brought to its end", async () => {
  const { server, output, state } = await startInterrupted();
  let ended: Manifest | undefined;
  const owner = {
    ...{ pid: 1, started: "now" },
    // The other one ends after the state was read, and before its claim is looked at.
    async isAlive() {
      ended = await goOn(server, output, state);
      return false;
    },
  };
  await writeFile(`${state}.lock.2-before`, "");
  const { source } = server;
  const manifest = await resumeExport({ source, sink: output.plugin, state, owner });
  expect(manifest).toEqual(ended);
  expect(manifest).toMatchObject({ status: "complete", rows: 60 });
  expectExact(output, server.rows);
});

test("resumeExport() says that there is nothing to go on with", async () => {
  const server = createOffsetServer([], { pageSize: 10, counts: true });
  const output = createMemorySink();
  const state = await statePath();
  await expect(goOn(server, output, state)).rejects.toMatchObject({ code: "STATE_NOT_FOUND" });
  await writeFile(state, "");
  await expect(goOn(server, output, state)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
});

/** One export with a crash at each of some steps, and a torn line after it, until it is complete. */
async function exportWithCrashes(
  rows: ServerRow[],
  options: OffsetServerOptions,
  crashes: readonly number[],
): Promise<{ output: MemoryOutput; server: OffsetServer; manifest: Manifest }> {
  let steps = 0;
  let next = 0;
  const output = createMemorySink({
    onStep() {
      steps += 1;
      const at = crashes[next];
      if (at === undefined || steps < at) return;
      next += 1;
      steps = 0;
      throw new Error("crash");
    },
  });
  const server = createOffsetServer(rows, options);
  const state = await statePath();
  for (;;) {
    const begun = await stat(state).catch(() => undefined);
    try {
      const manifest = await (begun
        ? goOn(server, output, state)
        : start(server, output, { state }));
      return { output, server, manifest };
    } catch (error) {
      if (!(error instanceof Error) || error.message !== "crash") throw error;
      const left = await stat(state).catch(() => undefined);
      if (left && next % 2 === 0) await appendFile(state, '{"commit":{"position":');
    }
  }
}

test("runExport() is exact whatever the rows, pages, arrivals and crashes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }),
      async (seconds, pageSize, counts, splitAbove, crashes, late) => {
        const rows = seconds.map((second, index) => ({ id: `e${index}`, second }));
        const initial = [...rows];
        const arrivals = late.map((second, index) => ({ id: `late${index}`, second }));
        const { output, server, manifest } = await exportWithCrashes(
          rows,
          {
            pageSize,
            counts,
            ...(splitAbove !== undefined && { splitAbove }),
            onPage(at) {
              const arrival = at.pages % 2 === 0 ? arrivals.shift() : undefined;
              if (arrival) at.rows.push(arrival);
            },
          },
          crashes,
        );
        const lines = new Set(output.lines);
        expect(output.lines).toHaveLength(lines.size);
        for (const row of initial) expect(lines).toContain(bodyOf(row));
        const verified = await verifyExport({ manifest, sink: output.plugin });
        expect(verified).toMatchObject({ ok: true, rows: lines.size });
        expect(manifest.rows).toBe(manifest.slices.reduce((sum, slice) => sum + slice.rows, 0));
        const known = new Set(server.rows.map(bodyOf));
        for (const line of lines) expect(known).toContain(line);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
