import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, type Slice, type Source } from "@decant/core";
import { expect, test } from "vitest";
import type { Job } from "./job.ts";
import { runExport } from "./run-export.ts";
import { createMemorySink } from "./testing/memory-sink.ts";

const job: Job = {
  source: { name: "tree", options: {} },
  sink: { name: "memory", options: {}, destination: "out" },
  range: { to: "1970-01-01T01:00:00Z" },
};

function makeSlice(key: string, more: Partial<Slice> = {}): Slice {
  return { key, stream: "s", lane: "main", dedupe: "page", args: null, ...more };
}

async function run(read: Source["read"], more: Partial<Job> = {}) {
  const source: Source = {
    identity: "tree",
    streams: [{ name: "s", columns: [] }],
    lanes: { main: { concurrency: 4 } },
    plan: async () => [makeSlice("look", { last: true }), makeSlice("a"), makeSlice("b")],
    read,
  };
  const state = join(await mkdtemp(join(tmpdir(), "decant-pour-")), "out.decant");
  return runExport({ source, sink: createMemorySink().plugin, job: { ...job, ...more }, state });
}

test("pour() reads last slices when all others have ended, and tells them which there were", async () => {
  const order: string[] = [];
  let keys: string[] = [];
  await run(async function* ({ key, last }, options) {
    if (last) keys = [...(options.keys?.() ?? [])];
    const spawn = key === "a" ? [makeSlice("a/1"), makeSlice("look/2", { last: true })] : [];
    yield { rows: [], next: { end: { why: "complete" } }, spawn };
    order.push(key);
  });
  expect(order.slice(0, 3).sort()).toEqual(["a", "a/1", "b"]);
  expect(order.slice(3).sort()).toEqual(["look", "look/2"]);
  expect(keys.sort()).toEqual(["a", "a/1", "b", "look", "look/2"]);
});
