import type { Source } from "@decant/core";
import type { Job, Manifest, Progress } from "@decant/pipeline";
import { resumeExport, runExport } from "@decant/pipeline";
import type { SentryEvent } from "@decant/sentry-source";
import { readEnv } from "../config/read-env.ts";
import { createFetch } from "../http/create-fetch.ts";
import { createProgress, type ProgressReporter } from "../terminal/create-progress.ts";
import { createStreamOutput } from "../terminal/create-stream-output.ts";
import { wantsColor } from "../terminal/wants-color.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { shortPath } from "./choose-place.ts";
import { formatSummary, statusCode } from "./format-summary.ts";
import { lockOwner } from "./lock-owner.ts";
import type { ChosenSink } from "./open-sink.ts";
import type { RunFlags } from "./run-flags.ts";
import { describeFilters, openSentry } from "./sentry-job.ts";
import { stateIfThere } from "./state-if-there.ts";
import { type Interrupts, watchInterrupts } from "./watch-interrupts.ts";

/** What an export needs to run. */
export interface ConductOptions {
  readonly job: Job;
  readonly state: string;
  readonly sink: ChosenSink;
  readonly token: string;
  readonly flags: RunFlags;
  readonly resume: boolean;
  readonly force: boolean;
  /** The `fetch` to use. @default one that knows proxies */
  readonly fetch?: typeof globalThis.fetch;
  /** Lines for the summary. */
  readonly notes: readonly string[];
}

/** How an export ended, for the program. */
export interface Conducted {
  readonly exitCode: number;
  readonly manifest: Manifest;
}

/** Runs an export from start to end, with progress, interrupts and a summary. */
export async function conductExport(options: ConductOptions): Promise<Conducted> {
  const { job, state, sink, flags } = options;
  const startedAt = performance.now();
  using progress = openProgress(job, flags);
  using interrupts = watchInterrupts(() => {
    if (!flags.quiet)
      progress.say("Stopping: what was read is being written. Once more leaves at once.");
  });
  const manifest = await runJob(options, progress, interrupts).catch(async (error: unknown) => {
    const left = await stateIfThere(state).catch(() => undefined);
    const canGoOn = left?.kind === "journal" && left.rows > 0;
    if (canGoOn && !flags.quiet) progress.say(`To go on: decant resume ${shortPath(state)}`);
    throw error;
  });
  if (!flags.quiet) {
    const ms = performance.now() - startedAt;
    const notes = [...options.notes, ...describeFilters(job.source)];
    const readable = sink.plugin.read !== undefined;
    const lines = formatSummary(manifest, { ms, state: shortPath(state), notes, readable });
    for (const line of lines) progress.say(line);
  }
  if (flags.json) await writeStdout(`${JSON.stringify(manifest)}\n`);
  const interrupted = manifest.status === "interrupted" ? interrupts.exitCode : undefined;
  return { manifest, exitCode: interrupted ?? statusCode(manifest.status) };
}

async function runJob(
  { job, state, sink, token, flags, resume, force, fetch }: ConductOptions,
  progress: ProgressReporter,
  { signal }: Interrupts,
): Promise<Manifest> {
  const concurrency = flags.concurrency === undefined ? {} : { concurrency: flags.concurrency };
  const source: Source = await openSentry(job.source, {
    token,
    headers: flags.headers,
    ...concurrency,
    fetch: fetch ?? (await createFetch(readEnv)),
    onEvent(event) {
      if (event.type === "wait") progress.wait(event.ms, event.reason);
      if (flags.debug) progress.say(describeEvent(event));
    },
  });
  const { stdout } = process;
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
    onProgress: (latest: Progress) => progress.update(latest),
  };
  return resume ? await resumeExport(work) : await runExport({ ...work, job, force });
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
