import { homedir } from "node:os";
import { DecantError } from "@decant/core";
import { createSentrySource, parseIssueUrl, sentryStreams } from "@decant/sentry-source";
import { checkAddress } from "../config/check-address.ts";
import { parseRange } from "../config/parse-range.ts";
import { parseWords, type Words } from "../config/parse-words.ts";
import { readConfigFiles } from "../config/read-config-files.ts";
import { readEnv } from "../config/read-env.ts";
import { sentryAccess } from "../config/sentry-access.ts";
import { type SentryTarget, sentryTarget } from "../config/sentry-target.ts";
import { sentryUrl } from "../config/sentry-url.ts";
import type { Registry } from "../plugins/registry.ts";
import { isDuration } from "../text/parse-duration.ts";
import { chooseOutput } from "./choose-output.ts";
import { conductExport } from "./conduct-export.ts";
import { laterRuns } from "./later-runs.ts";
import { printPlan } from "./print-plan.ts";
import { readIncremental } from "./read-incremental.ts";
import type { ExportRun } from "./run-job.ts";
import type { SentryFlags } from "./sentry-flags.ts";
import { sentryJob } from "./sentry-job.ts";

/** What `export sentry` was given. */
export interface ExportInputs {
  readonly registry: Registry;
  readonly flags: SentryFlags;
  /** Names of streams, and issues. */
  readonly words: readonly string[];
}

/**
 * Exports from Sentry.
 *
 * @returns The exit code.
 */
export async function exportSentry({ registry, flags, words }: ExportInputs): Promise<number> {
  const named = parseWords(
    words,
    sentryStreams.map(({ name }) => name),
  );
  const { target, files } = await chooseTarget(flags, [...named.issues, ...texts(flags.issue)]);
  const { range, notes } = chooseRange(flags);
  const streams = streamNames(named, target);
  const incremental = await readIncremental(flags);
  const { sink, state, job, ...output } = await chooseOutput(registry, {
    flags,
    streams,
    incremental: incremental !== undefined,
  });
  const run: ExportRun = {
    job: { ...job, source: describeSource({ target, named, streams, flags }), range },
    state,
    sink,
    access: await sentryAccess(target, { files, header: flags.header }),
    resume: false,
    force: flags.force,
    ...(incremental && { incremental }),
    notes,
  };
  if (flags.plan) {
    return await printPlan(run, { flags: output.flags, byName: named.streams !== "all" });
  }
  const runs = incremental ? await laterRuns(run, { registry, flags }) : ([run] as const);
  return await conductExport(runs, output.flags);
}

async function chooseTarget(flags: SentryFlags, issues: readonly string[]) {
  const files = await readConfigFiles({ cwd: process.cwd(), home: homedir(), env: readEnv });
  const { url = sentryUrl(readEnv), org } = flags;
  const projects = texts(flags.project);
  const target = sentryTarget({ url, org, projects, issues, files, parseIssueUrl });
  requireSubject(target);
  checkAddress(target.url, { insecure: flags["allow-insecure-http"] });
  return { target, files };
}

function chooseRange({ since, from, to }: SentryFlags) {
  if (since !== undefined) requireDuration(since);
  return parseRange({ from: since ?? from, to, now: Date.now() });
}

/** The streams that are meant, as the source has them: it also knows which ones go with issues. */
function streamNames({ streams }: Words, { issues }: SentryTarget): readonly string[] {
  // Nothing is asked of a server before an export is planned.
  const source = createSentrySource({ token: "not-used", streams, issues });
  return source.streams.map(({ name }) => name);
}

interface Described {
  readonly target: SentryTarget;
  readonly named: Words;
  readonly streams: readonly string[];
  readonly flags: SentryFlags;
}

function describeSource({ target, named, streams, flags }: Described) {
  const { url, org, projects, issues } = target;
  const environment = texts(flags.environment);
  return sentryJob({
    url,
    ...(org === undefined ? {} : { org }),
    ...(projects.length === 0 ? {} : { project: projects }),
    streams: named.streams === "all" ? "all" : streams,
    ...(issues.length === 0 ? {} : { issues }),
    ...(flags.query === undefined ? {} : { query: flags.query }),
    ...(environment.length === 0 ? {} : { environment }),
    ...(flags.via === undefined ? {} : { via: flags.via }),
    ...(flags.attachments ? {} : { attachments: false }),
    ...(flags["allow-insecure-http"] ? { allowInsecureHttp: true } : {}),
  });
}

/** A variable gives one text, flags a list. */
function texts(value: readonly string[] | string | undefined): string[] {
  const list = value === undefined ? [] : typeof value === "string" ? value.split(",") : value;
  return list.map((text) => text.trim()).filter(Boolean);
}

function requireDuration(since: string): void {
  if (isDuration(since)) return;
  throw new DecantError("DURATION_INVALID", `Cannot read "${since}": it is not a duration`, {
    kind: "usage",
    hint: "Give --since as how long ago, such as 14d or 12h; for a date or a time use --from.",
  });
}

function requireSubject({ issues, projects, org }: SentryTarget): void {
  if (issues.length > 0 || projects.length > 0 || org !== undefined) return;
  throw new DecantError("SUBJECT_MISSING", 'Cannot export from "sentry": it was not said what', {
    kind: "usage",
    hint: "Name issues (ids, short ids or addresses), a --project, or an --org for all it has.",
  });
}
