import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRow, type Slice, type Source } from "@decant/core";
import { expect, test } from "vitest";
import type { Job } from "./job.ts";
import type { Manifest } from "./manifest.ts";
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

async function run(
  read: Source["read"],
  { limit, onProgress = () => {} }: { limit?: number; onProgress?: () => void } = {},
): Promise<Manifest> {
  const source: Source = {
    identity: "tree",
    streams: [{ name: "s", columns: [] }],
    lanes: { main: { concurrency: 4 } },
    plan: async () => [makeSlice("look", { last: true }), makeSlice("a"), makeSlice("b")],
    read,
  };
  const state = join(await mkdtemp(join(tmpdir(), "decant-pour-")), "out.decant");
  const { plugin: sink } = createMemorySink();
  return runExport({
    ...{ source, sink, state, onProgress },
    job: { ...job, ...(limit !== undefined && { limit }) },
  });
}

test("pour() reads last slices when all others have ended, and tells them which there were", async () => {
  const order: string[] = [];
  let keys: string[] = [];
  await run(async function* ({ key, last }, options) {
    if (last) keys = [...(options.keys?.() ?? [])];
    const spawn = key === "a" ? [makeSlice("a/1"), makeSlice("look/2", { last: true })] : [];
    order.push(key);
    await null;
    yield { rows: [], next: { end: { why: "complete" } }, spawn };
  });
  expect(order.slice(0, 3).sort()).toEqual(["a", "a/1", "b"]);
  expect(order.slice(3).sort()).toEqual(["look", "look/2"]);
  expect(keys.sort()).toEqual(["a", "a/1", "b", "look", "look/2"]);
});

test("pour() calls an export with a hole partial, though others were cut off at the limit", async () => {
  for (const [why, status] of [
    ["hole", "partial"],
    ["complete", "limit"],
  ] as const) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const manifest = await run(
      async function* ({ key }) {
        if (key === "a") {
          yield { rows: [], next: { end: { why } } };
          return;
        }
        await promise;
        for (let n = 1; ; n++) {
          const row = createRow({ id: `${n}`, json: new TextEncoder().encode(`{"n":${n}}`) });
          yield { rows: [row], next: { cursor: `${n}` } };
        }
      },
      { limit: 3, onProgress: resolve },
    );
    expect(manifest.status).toBe(status);
    expect(manifest.slices.find(({ key }) => key === "b")?.end).toEqual({ why: "limit" });
  }
});
