import { exitCodes } from "../errors/exit-code.ts";
import { openProgress } from "../terminal/open-progress.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { estimateRun } from "./estimate-run.ts";
import { formatPlan } from "./format-plan.ts";
import type { RunFlags } from "./run-flags.ts";
import { type ExportRun, openSource } from "./run-job.ts";
import { watchInterrupts } from "./watch-interrupts.ts";

/** How a plan is shown. */
export interface PrintPlanOptions {
  readonly flags: RunFlags;
  /** Whether each stream was asked for by name. */
  readonly byName: boolean;
}

/**
 * Shows what a run would do.
 *
 * @returns The exit code: 3 where something that was asked for by name cannot be read.
 */
export async function printPlan(
  run: ExportRun,
  { flags, byName }: PrintPlanOptions,
): Promise<number> {
  using progress = openProgress({ quiet: flags.quiet, destination: "" });
  const ignore = () => {};
  using interrupts = watchInterrupts({
    maxMs: flags.maxMs,
    onInterrupt: ignore,
    onTimeOver: ignore,
  });
  const { signal } = interrupts;
  try {
    const source = await openSource(run, { flags, progress });
    const plan = await estimateRun(run, { source, signal });
    const text = flags.json ? JSON.stringify(plan) : formatPlan(plan);
    await writeStdout(`${text}\n`);
    const hindered = byName && plan.streams.some(({ obstacle }) => obstacle !== undefined);
    return hindered ? exitCodes.credentials : 0;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return interrupts.exitCode ?? exitCodes.partial;
  }
}
