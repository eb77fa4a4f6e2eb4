import type { Estimate, Slice, Source } from "@decant/core";
import { nextRun } from "@decant/pipeline";
import type { ExportRun } from "./run-job.ts";

/** What a run would do. */
export interface RunPlan {
  readonly streams: readonly (Estimate & { readonly slices: number })[];
  /** As in a job; from `after` on where earlier runs have exported the rest. */
  readonly range: ExportRun["job"]["range"];
  readonly sink: string;
  readonly output: string;
  readonly state: string;
  /** What is there already: see `NextRun` of the pipeline. */
  readonly next: "first" | "resume" | "later" | "ended";
}

/** Finds out what a run would do, and does none of it. The server is asked for no more than that takes. */
export async function estimateRun(
  run: ExportRun,
  { source, signal }: { readonly source: Source; readonly signal: AbortSignal },
): Promise<RunPlan> {
  const { job, state, incremental, force } = run;
  const next = force ? ({ kind: "first" } as const) : await nextRun(state);
  const covered = next.kind === "later" ? next.series.covered : undefined;
  const range =
    incremental && covered !== undefined
      ? { ...job.range, after: before(covered, incremental.lookbackMs) }
      : job.range;
  const slices = await source.plan(range, { signal });
  const estimates = (await source.estimate?.(slices, { signal })) ?? [];
  return {
    streams: source.streams.map(({ name }) => ({
      stream: name,
      ...estimates.find(({ stream }) => stream === name),
      slices: countSlices(slices, name),
    })),
    range,
    sink: job.sink.name,
    output: job.sink.destination,
    state,
    next: next.kind,
  };
}

function countSlices(slices: readonly Slice[], name: string): number {
  return slices.filter(({ stream }) => stream === name).length;
}

function before(time: string, ms: number): string {
  return new Date(Date.parse(time) - ms).toISOString().replace(/\.\d+Z/, "Z");
}
