import { isDecantError } from "@decant/core";
import type { EndedSeries, Manifest } from "./manifest.ts";
import { readState, type State } from "./read-state.ts";

/**
 * What is to be done with a state that runs again and again:
 *
 * - `first`: nothing is there: `runExport` begins
 * - `resume`: a run was cut off: `resumeExport` goes on with it
 * - `later`: a run ended, and another one goes on from there: `runExport` with `incremental`
 * - `ended`: an export is there that no other goes on with
 */
export type NextRun =
  | { readonly kind: "first" }
  | { readonly kind: "resume"; readonly state: Extract<State, { kind: "journal" }> }
  | { readonly kind: "later"; readonly manifest: Manifest; readonly series: EndedSeries }
  | { readonly kind: "ended"; readonly manifest: Manifest };

/**
 * Looks what the next run with a state has to do.
 *
 * @param path Path of the state file.
 * @returns What is there, and so what comes next.
 *
 * @throws {DecantError} `STATE_CORRUPT` or `STATE_VERSION` as {@linkcode readState} does.
 *
 * @example
 * ```ts
 * import { nextRun } from "@decant/pipeline";
 *
 * const next = await nextRun("events.decant");
 * if (next.kind === "later") console.log(`goes on from ${next.series.covered}`);
 * ```
 */
export async function nextRun(path: string): Promise<NextRun> {
  const state = await stateAt(path);
  if (!state) return { kind: "first" };
  if (state.kind === "journal") return { kind: "resume", state };
  const { manifest } = state;
  const { series } = manifest;
  return series ? { kind: "later", manifest, series } : { kind: "ended", manifest };
}

async function stateAt(path: string): Promise<State | undefined> {
  try {
    return await readState(path);
  } catch (error) {
    if (isDecantError(error) && error.code === "STATE_NOT_FOUND") return undefined;
    throw error;
  }
}
