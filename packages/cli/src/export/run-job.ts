import type { Source } from "@decant/core";
import {
  type IncrementalOptions,
  type Job,
  type Manifest,
  type Progress,
  resumeExport,
  runExport,
} from "@decant/pipeline";
import type { SentryEvent } from "@decant/sentry-source";
import { readEnv } from "../config/read-env.ts";
import type { SentryAccess } from "../config/sentry-access.ts";
import { stateFolder } from "../config/state-folder.ts";
import type { ProgressReporter } from "../terminal/create-progress.ts";
import { createStreamOutput } from "../terminal/create-stream-output.ts";
import { wantsColor } from "../terminal/wants-color.ts";
import { createFileStore } from "./create-file-store.ts";
import { lockOwner } from "./lock-owner.ts";
import type { ChosenSink } from "./open-sink.ts";
import { outputKind } from "./output-kind.ts";
import type { RunFlags } from "./run-flags.ts";
import { sealJob } from "./seal-job.ts";
import { sourceKind } from "./source-kinds.ts";

/** What a run of an export needs. */
export interface ExportRun {
  readonly job: Job;
  readonly state: string;
  readonly sink: ChosenSink;
  /** What a server is asked with, for sources that are on one. */
  readonly access?: Partial<SentryAccess>;
  readonly resume: boolean;
  readonly force: boolean;
  /** How it goes on with earlier runs. Absent: it is an export of its own. */
  readonly incremental?: IncrementalOptions;
  /** Lines for the summary. */
  readonly notes: readonly string[];
}

/** What runs have in common. */
export interface RunContext {
  readonly flags: RunFlags;
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
}

/** Makes the source of a run, which tells of requests and waits. */
export async function openSource(
  { job, access }: Pick<ExportRun, "job" | "access">,
  { flags, progress }: Pick<RunContext, "flags" | "progress">,
): Promise<Source> {
  const { destination } = job.sink;
  const hasFolder = (await outputKind(destination)) === "file";
  return await sourceKind(job.source).open(job.source, {
    ...access,
    ...(flags.concurrency !== undefined && { concurrency: flags.concurrency }),
    ...(hasFolder && { attachments: createFileStore(`${destination}.files`) }),
    onEvent(event) {
      if (event.type === "wait") progress.wait(event.ms, event.reason);
      if (flags.debug) progress.say(describeEvent(event));
    },
  });
}

/** Runs one run to its end. */
export async function runJob(run: ExportRun, context: RunContext): Promise<Manifest> {
  const { job, state, sink, resume, force, incremental } = run;
  const { flags, progress, signal } = context;
  const { stdout } = process;
  const hashKey = readEnv("DECANT_HASH_KEY");
  const work = {
    source: await openSource(run, context),
    sink: sink.plugin,
    state,
    ...(flags.concurrency !== undefined && { concurrency: flags.concurrency }),
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
  return await runExport({ ...work, job: sealed, force, ...(incremental && { incremental }) });
}

function describeEvent(event: SentryEvent): string {
  const ms = Math.round(event.ms);
  return event.type === "wait"
    ? `wait ${ms} ms: ${event.reason}`
    : `${event.method} ${event.path} ${event.status} ${ms} ms`;
}
