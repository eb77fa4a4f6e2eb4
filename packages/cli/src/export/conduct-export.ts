import { isDecantError } from "@decant/core";
import type { Manifest } from "@decant/pipeline";
import { exitCodes } from "../errors/exit-code.ts";
import { openProgress } from "../terminal/open-progress.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { commandLine } from "../text/command-line.ts";
import { shortPath } from "./choose-place.ts";
import { formatSummary, nothingWritten, statusCode } from "./format-summary.ts";
import { limitGarbage } from "./limit-garbage.ts";
import { outputKind } from "./output-kind.ts";
import { describeRedaction } from "./read-redaction.ts";
import type { RunFlags } from "./run-flags.ts";
import { type ExportRun, type RunContext, runJob } from "./run-job.ts";
import { sourceKind } from "./source-kinds.ts";
import { stateIfThere } from "./state-if-there.ts";
import { type Interrupts, watchInterrupts } from "./watch-interrupts.ts";

/** What the runs of one command have in common. */
interface Conduct extends RunContext {
  readonly interrupts: Interrupts;
  say(line: string): void;
}

/**
 * Runs an export from start to end, with progress, interrupts and a summary.
 *
 * @param runs One after the other, until one is interrupted: one, or two where an earlier run has to
 * be brought to its end first.
 * @returns The exit code of the last one.
 */
export async function conductExport(
  runs: readonly [ExportRun, ...ExportRun[]],
  flags: RunFlags,
): Promise<number> {
  limitGarbage();
  const { destination } = runs[0].job.sink;
  using progress = openProgress({ quiet: flags.quiet, destination });
  const say = (line: string) => flags.quiet || progress.say(line);
  using interrupts = watchInterrupts({
    maxMs: flags.maxMs,
    onInterrupt: () => say("Stopping: what was read is being written. Once more leaves at once."),
    onTimeOver: () => say("The time is over: what was read is being written."),
  });
  const { signal } = interrupts;
  let code = 0;
  for (const run of runs) {
    code = await conductRun(run, { flags, progress, interrupts, signal, say });
    if (signal.aborted) break;
  }
  return code;
}

async function conductRun(run: ExportRun, context: Conduct): Promise<number> {
  const { flags, interrupts, say } = context;
  const startedAt = performance.now();
  const manifest = await runToEnd(run, context);
  if (!manifest) return interrupts.exitCode ?? exitCodes.partial;
  const ms = performance.now() - startedAt;
  const { source, redact } = manifest.job;
  const { counted, describe } = sourceKind(source);
  const notes = [...run.notes, ...describe(source), ...describeRedaction(redact)];
  const output = { counted, ...(await lookAtOutput(run)) };
  const summary = formatSummary(manifest, { ms, state: shortPath(run.state), notes, ...output });
  for (const line of summary) say(line);
  if (flags.json) await writeStdout(`${JSON.stringify(manifest)}\n`);
  const interrupted = manifest.status === "interrupted" ? interrupts.exitCode : undefined;
  return interrupted ?? statusCode(manifest.status);
}

/** @returns Nothing, when it was interrupted before it had begun. */
async function runToEnd(run: ExportRun, context: Conduct): Promise<Manifest | undefined> {
  const { state, resume } = run;
  const { signal, say } = context;
  const earlier = resume ? undefined : await runOf(state);
  try {
    return await runJob(run, context);
  } catch (error) {
    if (signal.aborted && error === signal.reason) {
      say(nothingWritten);
      return undefined;
    }
    const begun = await runOf(state);
    const locked = isDecantError(error) && error.code === "STATE_LOCKED";
    const canGoOn = begun !== undefined && begun !== earlier && !locked;
    if (canGoOn && (await lookAtOutput(run)).resumable)
      say(`To go on: ${commandLine("resume", shortPath(state))}`);
    throw error;
  }
}

/** The run of an unfinished export that holds rows, if there is one. */
async function runOf(state: string): Promise<string | undefined> {
  const found = await stateIfThere(state).catch(() => undefined);
  return found?.kind === "journal" && found.rows > 0 ? found.run : undefined;
}

/** What can be done with the output later. */
async function lookAtOutput({ job, sink: { plugin } }: ExportRun) {
  const kept = (await outputKind(job.sink.destination)) !== "stream";
  return {
    readable: kept && plugin.read !== undefined,
    resumable: kept || plugin.resume === "none",
  };
}
