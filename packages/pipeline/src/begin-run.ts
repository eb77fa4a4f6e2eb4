import { DecantError, type Json } from "@decant/core";
import { findFailedStart } from "./find-failed-start.ts";
import type { Job } from "./job.ts";
import type { Series } from "./manifest.ts";
import { nextRun } from "./next-run.ts";
import type { ExportOptions } from "./run-export.ts";
import { beginSeries, continueSeries, type Intent } from "./series.ts";

/** What is known before an export begins. */
export interface Beginning {
  /** Absent: it is an export of its own. */
  readonly series?: Series;
  /** The run whose manifest lies where the state will be, and is kept. */
  readonly replaced?: string;
  /** Where the sink stood, if a start failed there. */
  positionFor(job: Job): Json | undefined;
}

/**
 * Looks at what lies where the state will be.
 *
 * @throws {DecantError} `STATE_EXISTS` or `STATE_MISMATCH` when that stands in the way.
 */
export async function beginRun(
  { state, job, source, force = false, incremental }: ExportOptions,
  hashKeyId: string | undefined,
): Promise<Beginning> {
  const nowhere = () => undefined;
  const intent: Intent | undefined = incremental && {
    state,
    job,
    identity: source.identity,
    streams: source.streams.map(({ name }) => name),
    lookbackMs: incremental.lookbackMs,
    hashKeyId,
  };
  // What cannot be read is replaced by force, too.
  const next = intent && (await nextRun(state).catch(force ? nowhere : fail));
  const replaced = next?.kind === "later" ? { replaced: next.manifest.run } : {};
  if (force)
    return { ...(intent && { series: beginSeries(intent) }), ...replaced, positionFor: nowhere };
  if (intent && next?.kind === "later") {
    const { manifest } = next;
    return {
      series: continueSeries(manifest, next.series, intent),
      ...replaced,
      positionFor: nowhere,
    };
  }
  if (next?.kind === "ended") throw noSeries(state);
  const failed = await findFailedStart(state);
  return {
    ...(intent && { series: beginSeries(intent) }),
    positionFor: failed?.positionFor ?? nowhere,
  };
}

function fail(error: unknown): never {
  throw error;
}

function noSeries(path: string): DecantError {
  return new DecantError(
    "STATE_EXISTS",
    `Cannot go on with "${path}": the export that ended there does not say which rows it wrote`,
    {
      kind: "usage",
      hint: "Only what began with --incremental goes on so. Choose another output, or begin anew with --force.",
    },
  );
}
