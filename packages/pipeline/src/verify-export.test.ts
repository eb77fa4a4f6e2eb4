import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, type Source, type Stream } from "@decant/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Manifest } from "./manifest.ts";
import type { Redaction } from "./redaction.ts";
import { runExport } from "./run-export.ts";
import { fuse } from "./testing/crashing-files.ts";
import { createRunSink, type RunOutputs } from "./testing/run-sink.ts";
import { type Verification, verifyExport } from "./verify-export.ts";

const encoder = new TextEncoder();

interface Exported {
  readonly manifest: Manifest;
  readonly outputs: RunOutputs;
  /** The rows of the run, to be tampered with. */
  readonly rows: { stream: string; text: string }[];
}

interface Setup {
  /** The ids of each stream. */
  readonly streams: Readonly<Record<string, readonly string[]>>;
  readonly id?: Stream["id"];
  readonly redact?: Redaction;
  readonly dedupe?: "page" | "none";
}

async function exportRows({
  streams,
  redact,
  dedupe = "page",
  ...setup
}: Setup): Promise<Exported> {
  const { id = [[["no"], ["at", "id"]]] } = setup;
  const source: Source = {
    identity: "rows",
    streams: Object.keys(streams).map((name) => ({ name, columns: [], id })),
    lanes: { main: { concurrency: 1 } },
    plan: async () =>
      Object.keys(streams).map((key) => ({ key, stream: key, lane: "main", dedupe, args: null })),
    async *read({ stream }) {
      const rows = streams[stream]!.map((id) => {
        return createRow({ id, json: encoder.encode(JSON.stringify({ at: { id }, stream })) });
      });
      yield { rows, next: { end: { why: "complete" } } };
    },
  };
  const outputs = createRunSink(fuse);
  const manifest = await runExport({
    source,
    sink: outputs.plugin,
    state: join(await mkdtemp(join(tmpdir(), "decant-verify-")), "out.decant"),
    incremental: { lookbackMs: 0 },
    hashKey: "a key of thirty-two characters...",
    job: {
      source: { name: "rows", options: {} },
      sink: { name: "runs", options: {}, destination: "out" },
      range: { to: "2026-01-01T00:00:00Z" },
      ...(redact && { redact }),
    },
  });
  return { manifest, outputs, rows: outputs.runs.get(manifest.run)! };
}

async function verify({ manifest, outputs }: Exported): Promise<Verification> {
  return await verifyExport({ manifest, sink: outputs.plugin });
}

const two = { streams: { events: ["a", "b", "c"], teams: ["a"] } };

test("verifyExport() compares each stream, and names the one that differs", async () => {
  const exported = await exportRows(two);
  const { manifest, rows } = exported;
  expect(await verify(exported)).toMatchObject({
    ok: true,
    rows: 4,
    digest: manifest.digest,
    streams: { events: { rows: 3 }, teams: { rows: 1, digest: manifest.streams["teams"]?.digest } },
    notes: [],
  });
  rows.splice(0, 1);
  expect((await verify(exported)).problems).toEqual([
    "events: it holds 2 rows instead of 3",
    expect.stringMatching(/^events: its rows have \d+ bytes instead of \d+$/),
    "events: its rows are not those that were written",
    "events: its ids are not those that were written",
  ]);
});

test("verifyExport() finds a row that lies in another stream", async () => {
  const exported = await exportRows(two);
  exported.rows[0]!.stream = "teams";
  const { ok, problems } = await verify(exported);
  expect(ok).toBe(false);
  expect(problems).toContain("teams: it holds 2 rows instead of 1");
});

test("verifyExport() compares all rows as one where the sink does not tell streams apart", async () => {
  const exported = await exportRows(two);
  const { plugin } = exported.outputs;
  const sink = {
    ...plugin,
    async *read(...[options]: Parameters<NonNullable<typeof plugin.read>>) {
      for await (const { json } of plugin.read!(options)) yield { json };
    },
  };
  const { manifest } = exported;
  expect(await verifyExport({ manifest, sink })).toMatchObject({ ok: true, rows: 4, streams: {} });
  exported.rows.pop();
  const { problems } = await verifyExport({ manifest, sink });
  expect(problems[0]).toBe("it holds 3 rows instead of 4");
});

test("verifyExport() names ids that are there more than once", async () => {
  const exported = await exportRows({ streams: { events: ["a", "b", "a"] }, dedupe: "page" });
  expect(exported.manifest.rows).toBe(2);
  exported.rows.push({ ...exported.rows[1]! });
  expect((await verify(exported)).problems).toContain(
    "events: ids that are there more than once: b",
  );
  const copied = await exportRows({ streams: { events: ["a", "b", "a"] }, dedupe: "none" });
  expect(copied.manifest.streams["events"]).toMatchObject({ rows: 3, repeats: true });
  expect(await verify(copied)).toMatchObject({ ok: true, problems: [], notes: [] });
});

test("verifyExport() says which ids it cannot check, and that is no problem", async () => {
  const hiding: Redaction[] = [
    { drop: ["at.id"] },
    { drop: ["at"] },
    { hash: ["no"] },
    { select: ["stream"] },
  ];
  for (const redact of hiding) {
    const exported = await exportRows({ ...two, redact });
    expect(await verify(exported)).toMatchObject({
      ok: true,
      notes: [
        "events: its ids are not checked: the redaction takes them out",
        "teams: its ids are not checked: the redaction takes them out",
      ],
    });
  }
  for (const redact of [{ drop: ["stream"] }, { select: ["at"] }]) {
    expect(await verify(await exportRows({ ...two, redact }))).toMatchObject({
      ok: true,
      notes: [],
    });
  }
  const elsewhere = await exportRows({ ...two, id: [[["stream"]], [["gone"]]] });
  expect(await verify(elsewhere)).toMatchObject({
    ok: true,
    notes: ["events: rows that do not say their id: 3", "teams: rows that do not say their id: 1"],
  });
});

test("verifyExport() finds every way in which ids come twice or go", async () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(ids, fc.nat(), fc.nat(), async (events, from, to) => {
      const exported = await exportRows({ streams: { events } });
      expect((await verify(exported)).ok).toBe(true);
      const { rows } = exported;
      const source = rows[from % rows.length]!;
      const target = to % (rows.length + 1);
      const same = rows[target]?.text === source.text;
      rows[target] = { ...source };
      const { ok, problems } = await verify(exported);
      expect(ok).toBe(same);
      expect(problems.some((problem) => problem.includes("more than once"))).toBe(!same);
    }),
    { numRuns: 40 },
  );
});
