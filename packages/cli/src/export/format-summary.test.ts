import { resolve } from "node:path";
import type { Manifest, Status } from "@decant/pipeline";
import { expect, test } from "vitest";
import { formatSummary, statusCode } from "./format-summary.ts";

function manifest(status: Status, change: Partial<Manifest> = {}): Manifest {
  return {
    decant: "manifest",
    version: 1,
    status,
    run: "r",
    job: {
      source: { name: "sentry", options: null },
      sink: { name: "ndjson", options: {}, destination: resolve("events.ndjson") },
      range: { from: "2026-11-01T00:00:00Z", to: "2026-11-24T00:00:00Z" },
    },
    identity: "https://sentry.io",
    startedAt: "2026-11-24T00:00:00.000Z",
    finishedAt: "2026-11-24T00:01:00.000Z",
    rows: 15_000,
    bytes: 102_865_306,
    duplicates: 0,
    held: 0,
    hollow: 0,
    digest: "00",
    proof: {
      slices: 3,
      confirmed: { slices: 3, rows: 15_000 },
      reread: 0,
      holes: 0,
      gone: 0,
      denied: 0,
      absent: 0,
    },
    streams: {},
    slices: [],
    notes: [],
    ...change,
  };
}

const options = {
  ms: 42_000,
  state: "events.ndjson.decant",
  notes: [],
  readable: true,
  resumable: true,
  counted: false,
};

test("formatSummary() says what was exported, from when, and how to check it", () => {
  expect(formatSummary(manifest("complete"), { ...options, notes: ["a note"] })).toEqual([
    "Exported 15,000 rows (98.1 MiB) to events.ndjson in 42 s",
    "From 2026-11-01T00:00:00Z to 2026-11-24T00:00:00Z; a note",
    "To check it: decant verify events.ndjson.decant",
  ]);
  expect(formatSummary(manifest("complete"), { ...options, readable: false })).toHaveLength(2);
});

test("formatSummary() lists the rows of several streams, and proves them", () => {
  const stream = (rows: number) => ({ ...manifest("complete"), rows, bytes: rows, idDigest: "00" });
  const streams = { events: stream(3), issues: stream(2), teams: stream(0) };
  const lines = formatSummary(manifest("complete", { streams }), { ...options, counted: true });
  expect(lines.slice(1, 3)).toEqual(["  events  3 rows (3 B)", "  issues  2 rows (2 B)"]);
  expect(lines[4]).toMatch(/^Proof: 15,000 of 15,000 rows confirmed/);
});

test("formatSummary() says where a later run began, and how much was there before", () => {
  const series = { lookbackMs: 1, streams: [], heldBytes: 0, after: "2026-11-20T00:00:00Z" };
  const [, range] = formatSummary(manifest("complete", { series, held: 12 }), options);
  expect(range).toMatch(
    /; what never changes, from 2026-11-20T00:00:00Z on; 12 rows of earlier runs left out$/,
  );
});

test("formatSummary() shows no more notes than a person reads", () => {
  const notes = Array.from({ length: 25 }, (_, index) => `note ${index}`);
  const lines = formatSummary(manifest("partial", { notes }), options);
  expect(lines).toContain("- note 19");
  expect(lines).not.toContain("- note 20");
  expect(lines).toContain("- and 5 more, see the manifest");
});

test("formatSummary() names what is missing", () => {
  const lines = formatSummary(manifest("partial", { notes: ["issue 7: hole"] }), options);
  expect(lines).toContain("It is not whole:");
  expect(lines).toContain("- issue 7: hole");
});

test("formatSummary() says how to go on after an interrupt, and nothing to nobody", () => {
  expect(formatSummary(manifest("interrupted"), options)).toEqual([
    "Stopped after 15,000 rows (98.1 MiB). To go on: decant resume events.ndjson.decant",
  ]);
  expect(formatSummary(manifest("interrupted", { rows: 0 }), options)).toEqual([
    "Stopped. Nothing was written yet: run the same command again.",
  ]);
  const [printed] = formatSummary(manifest("interrupted"), { ...options, resumable: false });
  expect(printed).toContain("It cannot go on");
  expect(formatSummary(manifest("closed"), options)).toEqual([]);
});

test("statusCode() is 4 for what is not whole, and 0 for declared ends", () => {
  const codes = (["complete", "limit", "closed", "partial", "interrupted"] as const).map(
    statusCode,
  );
  expect(codes).toEqual([0, 0, 0, 4, 4]);
});
