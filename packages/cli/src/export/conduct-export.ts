import { isDecantError, type Source } from "@decant/core";
import type { Job, Manifest, Progress } from "@decant/pipeline";
import { resumeExport, runExport } from "@decant/pipeline";
import type { SentryEvent } from "@decant/sentry-source";
import { readEnv } from "../config/read-env.ts";
import type { SentryAccess } from "../config/sentry-access.ts";
import { stateFolder } from "../config/state-folder.ts";
import { exitCodes } from "../errors/exit-code.ts";
import { createProgress, type ProgressReporter } from "../terminal/create-progress.ts";
import { createStreamOutput } from "../terminal/create-stream-output.ts";
import { wantsColor } from "../terminal/wants-color.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { commandLine } from "../text/command-line.ts";
import { shortPath } from "./choose-place.ts";
import { formatSummary, nothingWritten, statusCode } from "./format-summary.ts";
import { lockOwner } from "./lock-owner.ts";
import type { ChosenSink } from "./open-sink.ts";
import { outputKind } from "./output-kind.ts";
import { describeRedaction } from "./read-redaction.ts";
import type { RunFlags } from "./run-flags.ts";
import { sealJob } from "./seal-job.ts";
import { sourceKind } from "./source-kinds.ts";
import { stateIfThere } from "./state-if-there.ts";
import { type Interrupts, watchInterrupts } from "./watch-interrupts.ts";

/** What an export needs to run. */
export interface ConductOptions {
  readonly job: Job;
  readonly state: string;
  readonly sink: ChosenSink;
  /** What a server is asked with, for sources that are on one. */
  readonly access?: Partial<SentryAccess>;
  readonly flags: RunFlags;
  readonly resume: boolean;
  readonly force: boolean;
  /** Lines for the summary. */
  readonly notes: readonly string[];
}

/**
 * Runs an export from start to end, with progress, interrupts and a summary.
 *
 * @returns The exit code.
 */
export async function conductExport(options: ConductOptions): Promise<number> {
  const { job, state, flags, resume } = options;
  const startedAt = performance.now();
  const say = (line: string) => flags.quiet || progress.say(line);
  using progress = openProgress(job, flags);
  using interrupts = watchInterrupts({
    maxMs: flags.maxMs,
    onInterrupt: () => say("Stopping: what was read is being written. Once more leaves at once."),
    onTimeOver: () => say("The time is over: what was read is being written."),
  });
  const earlier = resume ? undefined : await runOf(state);
  let manifest: Manifest;
  try {
    manifest = await runJob(options, progress, interrupts);
  } catch (error) {
    const { aborted, reason } = interrupts.signal;
    if (aborted && error === reason) {
      say(nothingWritten);
      return interrupts.exitCode ?? exitCodes.partial;
    }
    const begun = await runOf(state);
    const locked = isDecantError(error) && error.code === "STATE_LOCKED";
    const canGoOn = begun !== undefined && begun !== earlier && !locked;
    if (canGoOn && (await lookAtOutput(options)).resumable)
      say(`To go on: ${commandLine("resume", shortPath(state))}`);
    throw error;
  }
  const ms = performance.now() - startedAt;
  const notes = [
    ...options.notes,
    ...sourceKind(job.source).describe(job.source),
    ...describeRedaction(job.redact),
  ];
  const output = await lookAtOutput(options);
  const summary = formatSummary(manifest, { ms, state: shortPath(state), notes, ...output });
  for (const line of summary) say(line);
  if (flags.json) await writeStdout(`${JSON.stringify(manifest)}\n`);
  const interrupted = manifest.status === "interrupted" ? interrupts.exitCode : undefined;
  return interrupted ?? statusCode(manifest.status);
}

/** The run of an unfinished export that holds rows, if there is one. */
async function runOf(state: string): Promise<string | undefined> {
  const found = await stateIfThere(state).catch(() => undefined);
  return found?.kind === "journal" && found.rows > 0 ? found.run : undefined;
}

/** What can be done with the output later. */
async function lookAtOutput({ job, sink: { plugin } }: ConductOptions) {
  const kept = (await outputKind(job.sink.destination)) !== "stream";
  return {
    readable: kept && plugin.read !== undefined,
    resumable: kept || plugin.resume === "none",
  };
}

async function runJob(
  { job, state, sink, access, flags, resume, force }: ConductOptions,
  progress: ProgressReporter,
  { signal }: Interrupts,
): Promise<Manifest> {
  const concurrency = flags.concurrency === undefined ? {} : { concurrency: flags.concurrency };
  const source: Source = await sourceKind(job.source).open(job.source, {
    ...access,
    ...concurrency,
    onEvent(event) {
      if (event.type === "wait") progress.wait(event.ms, event.reason);
      if (flags.debug) progress.say(describeEvent(event));
    },
  });
  const { stdout } = process;
  const hashKey = readEnv("DECANT_HASH_KEY");
  const work = {
    source,
    sink: sink.plugin,
    state,
    ...concurrency,
    owner: await lockOwner(),
    output: createStreamOutput(stdout, {
      color: wantsColor({ terminal: stdout.isTTY, env: readEnv }),
    }),
    signal,
    ...(hashKey !== undefined && { hashKey }),
    onProgress: (latest: Progress) => progress.update(latest),
  };
  if (resume) return await resumeExport(work);
  const sealed = await sealJob(job, stateFolder(readEnv));
  return await runExport({ ...work, job: sealed, force });
}

function describeEvent(event: SentryEvent): string {
  const ms = Math.round(event.ms);
  return event.type === "wait"
    ? `wait ${ms} ms: ${event.reason}`
    : `${event.method} ${event.path} ${event.status} ${ms} ms`;
}

function openProgress(job: Job, { quiet }: RunFlags): ProgressReporter {
  const { stderr, stdout } = process;
  // Rows and a line that is drawn again would overwrite each other on one terminal.
  const shared = job.sink.destination === "-" && stdout.isTTY;
  return createProgress({
    write: (text) => stderr.write(text),
    terminal: stderr.isTTY,
    columns: () => stderr.columns || 80,
    now: () => performance.now(),
    silent: quiet || shared,
  });
}
