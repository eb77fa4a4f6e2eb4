import { DecantError } from "@decant/core";
import type { IncrementalOptions } from "@decant/pipeline";
import { parseDuration } from "../text/parse-duration.ts";
import { findSeries } from "./find-series.ts";

/** The flags about later runs, as oclif parsed them. */
export interface IncrementalFlags {
  readonly incremental: boolean;
  readonly lookback?: string | undefined;
  readonly state?: string | undefined;
  readonly output?: string | undefined;
  readonly force: boolean;
}

const defaultLookback = "3d";

/**
 * Decides whether a run goes on with earlier ones, or is one that later ones go on with: so the flag
 * says, or a state of such runs that is named by `--state` or `--output`.
 *
 * @returns Nothing, where it is an export of its own.
 * @throws {DecantError} `DURATION_INVALID`, or `OPTION_UNUSED` for a look-back of no use.
 */
export async function readIncremental(
  flags: IncrementalFlags,
): Promise<IncrementalOptions | undefined> {
  const { incremental, lookback, force } = flags;
  const series = force ? undefined : await findSeries(flags);
  if (incremental || series) {
    if (lookback === undefined && series) return { lookbackMs: series.lookbackMs };
    return { lookbackMs: parseDuration(lookback ?? defaultLookback) };
  }
  if (lookback === undefined) return undefined;
  throw new DecantError("OPTION_UNUSED", "Cannot use --lookback: this is an export of its own", {
    kind: "usage",
    hint: "Add --incremental, or leave --lookback out.",
  });
}
