import { homedir } from "node:os";
import { resolve } from "node:path";
import { escapeControls } from "@decant/core";
import { type Manifest, readState } from "@decant/pipeline";
import { readEnv } from "../config/read-env.ts";
import { readSentryclirc } from "../config/read-sentryclirc.ts";
import { sentryToken } from "../config/sentry-token.ts";
import type { Registry } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { conductExport } from "./conduct-export.ts";
import { formatSummary, statusCode } from "./format-summary.ts";
import { openSink } from "./open-sink.ts";
import { type ParsedRunFlags, readRunFlags } from "./read-run-flags.ts";
import type { RunFlags } from "./run-flags.ts";
import { readSentryJob } from "./sentry-job.ts";

/** What `resume` was given. */
export interface ResumeInputs {
  readonly registry: Registry;
  readonly flags: ParsedRunFlags;
  readonly state: string;
}

/**
 * Goes on with an export.
 *
 * @returns The exit code.
 */
export async function resumeExport({ registry, flags, state }: ResumeInputs): Promise<number> {
  const found = await readState(state);
  if (found.kind === "manifest") {
    const { destination } = found.manifest.job.sink;
    return await reportEnded(found.manifest, { state, flags: readRunFlags(flags, destination) });
  }
  const { job } = found;
  const checked = readRunFlags(flags, job.sink.destination);
  const sink = await openSink(registry, { name: job.sink.name, given: job.sink.options });
  const files = await readSentryclirc({ cwd: process.cwd(), home: homedir() });
  // Whoever names a state file means the server that it names.
  const { url } = readSentryJob(job.source);
  const fromEnv = readEnv("SENTRY_AUTH_TOKEN");
  const token = sentryToken({ url, trusted: true }, { fromEnv, files });
  const conducted = await conductExport({
    job,
    state: resolve(state),
    sink,
    token,
    flags: checked,
    resume: true,
    force: false,
    notes: [],
  });
  return conducted.exitCode;
}

interface ReportOptions {
  readonly state: string;
  readonly flags: RunFlags;
}

async function reportEnded(manifest: Manifest, { state, flags }: ReportOptions): Promise<number> {
  if (!flags.quiet) {
    const ms = Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt);
    const summary = formatSummary(manifest, { ms, state, notes: [], readable: true });
    for (const line of ["This export has ended before.", ...summary]) {
      process.stderr.write(`${escapeControls(line)}\n`);
    }
  }
  if (flags.json) await writeStdout(`${JSON.stringify(manifest)}\n`);
  return statusCode(manifest.status);
}
