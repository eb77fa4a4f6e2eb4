import { DecantError } from "@decant/core";
import { type Job, nextRun } from "@decant/pipeline";
import { readEnv } from "../config/read-env.ts";
import { stateFolder } from "../config/state-folder.ts";
import type { Registry } from "../plugins/registry.ts";
import { commandLine } from "../text/command-line.ts";
import { shortPath } from "./choose-place.ts";
import { openSink } from "./open-sink.ts";
import type { ExportRun } from "./run-job.ts";
import { sourceKind } from "./source-kinds.ts";

/** What the user says about an earlier run that was cut off. */
export interface LaterRunOptions {
  readonly registry: Registry;
  readonly flags: {
    readonly url?: string | undefined;
    readonly header?: readonly string[] | undefined;
    readonly "allow-insecure-http": boolean;
  };
}

/**
 * Puts the run before a new one that was cut off, if there is one: it has to be brought to its end first.
 *
 * @throws {DecantError} `STATE_EXISTS` when what was cut off is an export of its own.
 */
export async function laterRuns(
  run: ExportRun,
  options: LaterRunOptions,
): Promise<readonly [ExportRun, ...ExportRun[]]> {
  const next = run.force ? undefined : await nextRun(run.state);
  if (next?.kind !== "resume") return [run];
  if (next.state.series) return [await cutOff(next.state.job, { ...options, run }), run];
  const resume = commandLine("resume", shortPath(run.state));
  throw new DecantError(
    "STATE_EXISTS",
    `Cannot go on with "${shortPath(run.state)}": the unfinished export there is not one of several`,
    { kind: "usage", hint: `Bring it to its end: ${resume}; or begin anew with --force.` },
  );
}

async function cutOff(
  stored: Job,
  { run, registry, flags }: LaterRunOptions & { readonly run: ExportRun },
): Promise<ExportRun> {
  const trusted = await sourceKind(stored.source).resume(stored, {
    state: run.state,
    url: flags.url,
    header: flags.header,
    allowInsecureHttp: flags["allow-insecure-http"],
    keyFolder: stateFolder(readEnv),
  });
  const { name, options } = stored.sink;
  const sink = await openSink(registry, { name, given: options });
  const notes = ["the run before, which had been cut off"];
  return { ...trusted, state: run.state, sink, resume: true, force: false, notes };
}
