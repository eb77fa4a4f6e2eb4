import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "../job.ts";
import type { Manifest } from "../manifest.ts";
import { type ExportOptions, runExport } from "../run-export.ts";
import { type ChangingServer, createChangingServer } from "./changing-server.ts";
import { fuse } from "./crashing-files.ts";
import { createRunSink, type RunOutputs } from "./run-sink.ts";

/** A server, what was written of it, and the state of the runs. */
export interface World {
  readonly server: ChangingServer;
  readonly outputs: RunOutputs;
  readonly state: string;
  /** The present, in seconds. */
  now: number;
}

export async function createWorld(pageSize = 3): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "decant-later-"));
  const state = join(folder, "out.decant");
  return { server: createChangingServer(pageSize), outputs: createRunSink(fuse), state, now: 1000 };
}

export function jobAt(second: number): Job {
  return {
    source: { name: "changing", options: {} },
    sink: { name: "runs", options: {}, destination: "out" },
    range: { to: iso(second) },
  };
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}

/** One run, up to now. */
export async function run(
  { server, outputs, state, now }: World,
  { lookback = 100, ...more }: { lookback?: number } & Partial<ExportOptions> = {},
): Promise<Manifest> {
  return await runExport({
    ...{ source: server.source, sink: outputs.plugin, state, now: () => now * 1000 },
    job: jobAt(now),
    incremental: { lookbackMs: lookback * 1000 },
    ...more,
  });
}

/** The texts of a stream, in the order of the runs. */
export function written({ outputs }: World, stream: string): string[] {
  return [...outputs.runs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, rows]) => rows)
    .filter((row) => row.stream === stream)
    .map(({ text }) => text);
}
