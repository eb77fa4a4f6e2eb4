import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SentrySimulator } from "@decant/simulator";
import { parseRange } from "../config/parse-range.ts";
import { readEnv } from "../config/read-env.ts";
import { choosePlace, type Place } from "../export/choose-place.ts";
import { conductExport } from "../export/conduct-export.ts";
import { type ChosenSink, openSink } from "../export/open-sink.ts";
import { outputKind } from "../export/output-kind.ts";
import { sentryJob } from "../export/sentry-job.ts";
import type { Registry } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { demoToken } from "./demo-token.ts";
import { describeDemo } from "./describe-demo.ts";
import { firstRows } from "./first-rows.ts";

/** What `demo` was given. */
export interface DemoInputs {
  readonly registry: Registry;
  readonly flags: {
    readonly output?: string | undefined;
    readonly force: boolean;
    readonly quiet: boolean;
    readonly debug: boolean;
  };
}

const events = 2_500;

/**
 * Exports from a Sentry and gets a token from a Google that both run in this process, by the same
 * code as always.
 *
 * @returns The exit code.
 */
export async function runDemo({ registry, flags }: DemoInputs): Promise<number> {
  const { startSentry } = await import("@decant/simulator");
  const sink = await openSink(registry, { name: "ndjson", given: {} });
  const place = await choosePlace({
    output: flags.output ?? join(await mkdtemp(join(tmpdir(), "decant-demo-")), "events.ndjson"),
    state: undefined,
    entry: sink.entry,
    streams: ["events"],
    incremental: false,
    now: new Date(),
    env: readEnv,
  });
  await using sentry = await startSentry({
    limits: false,
    projects: [{ slug: "web", issues: [{ events }] }],
  });
  const exitCode = await exportIssue(sentry, { place, sink, flags });
  if (exitCode !== 0) return exitCode;
  const { destination } = place;
  const kept = (await outputKind(destination)) === "file";
  const rows = kept ? await firstRows(sink, { destination, count: 3 }) : [];
  const token = await demoToken(registry);
  if (flags.quiet) return exitCode;
  const columns = process.stdout.columns || 80;
  await writeStdout(`${describeDemo({ ...place, rows, token, columns })}\n`);
  return exitCode;
}

interface IssueOptions {
  readonly place: Place;
  readonly sink: ChosenSink;
  readonly flags: DemoInputs["flags"];
}

async function exportIssue(
  sentry: SentrySimulator,
  { place, sink, flags }: IssueOptions,
): Promise<number> {
  const { destination, state } = place;
  const issue = sentry.issues[0]!.id;
  const { range, notes } = parseRange({ now: Date.now() });
  const run = {
    job: {
      source: sentryJob({ url: sentry.url, org: sentry.org, issues: [issue] }),
      sink: { name: "ndjson", options: sink.options, destination },
      range,
    },
    state,
    sink,
    // It stays on this machine: no proxy.
    access: { token: sentry.token, fetch: globalThis.fetch },
    resume: false,
    force: flags.force,
    notes,
  };
  return await conductExport([run], { quiet: flags.quiet, debug: flags.debug, json: false });
}
