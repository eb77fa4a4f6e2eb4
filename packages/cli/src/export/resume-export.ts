import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { DecantError, escapeControls } from "@decant/core";
import { type Manifest, readState } from "@decant/pipeline";
import { readEnv } from "../config/read-env.ts";
import { stateFolder } from "../config/state-folder.ts";
import type { Registry } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { conductExport } from "./conduct-export.ts";
import { formatSummary, statusCode } from "./format-summary.ts";
import { type ChosenSink, openSink } from "./open-sink.ts";
import { outputKind } from "./output-kind.ts";
import { type ParsedRunFlags, readRunFlags } from "./read-run-flags.ts";
import type { RunFlags } from "./run-flags.ts";
import { sourceKind } from "./source-kinds.ts";

/** The flags of `resume`, as oclif parsed them. */
interface ResumeFlags extends ParsedRunFlags {
  readonly url?: string | undefined;
  readonly output?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly "allow-insecure-http": boolean;
}

/** What `resume` was given. */
export interface ResumeInputs {
  readonly registry: Registry;
  readonly flags: ResumeFlags;
  readonly state: string;
}

/**
 * Goes on with an export.
 *
 * @returns The exit code.
 */
export async function resumeExport({ registry, flags, state }: ResumeInputs): Promise<number> {
  const found = await readState(state);
  const stored = found.kind === "manifest" ? found.manifest.job : found.job;
  const checked = readRunFlags(flags, stored.sink.destination);
  const { name, options } = stored.sink;
  const sink = await openSink(registry, { name, given: options });
  if (found.kind === "manifest") {
    return await reportEnded(found.manifest, { state, flags: checked, sink });
  }
  const trusted = await sourceKind(stored.source).resume(stored, {
    state: resolve(state),
    url: flags.url,
    header: flags.header,
    output: flags.output,
    allowInsecureHttp: flags["allow-insecure-http"],
    keyFolder: stateFolder(readEnv),
  });
  const run = {
    ...trusted,
    state: resolve(state),
    sink,
    resume: true,
    force: false,
    notes: [],
  };
  return await conductExport([run], checked);
}

interface ReportOptions {
  readonly state: string;
  readonly flags: RunFlags;
  readonly sink: ChosenSink;
}

async function reportEnded(manifest: Manifest, options: ReportOptions): Promise<number> {
  const { state, flags, sink } = options;
  const { destination } = manifest.job.sink;
  const kept = (await outputKind(destination)) !== "stream";
  if (sink.entry.extension !== undefined && kept) await requireOutput(destination, state);
  if (!flags.quiet) {
    const ms = Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt);
    const readable = kept && sink.plugin.read !== undefined;
    const { counted } = sourceKind(manifest.job.source);
    const facts = { ms, state, notes: [], readable, resumable: false, counted };
    const summary = formatSummary(manifest, facts);
    for (const line of ["This export has ended before.", ...summary]) {
      process.stderr.write(`${escapeControls(line)}\n`);
    }
  }
  if (flags.json) await writeStdout(`${JSON.stringify(manifest)}\n`);
  return statusCode(manifest.status);
}

async function requireOutput(destination: string, state: string): Promise<void> {
  const found = await stat(destination).catch((error: NodeJS.ErrnoException) => error);
  if (!("code" in found) || found.code !== "ENOENT") return;
  throw new DecantError(
    "OUTPUT_MISSING",
    `Cannot resume "${state}": that export has ended, and its output "${destination}" is gone`,
    { kind: "verify", hint: "Put the output back, or export it again with --force." },
  );
}
