import { homedir } from "node:os";
import { DecantError } from "@decant/core";
import type { Job } from "@decant/pipeline";
import { parseIssueUrl } from "@decant/sentry-source";
import { checkAddress } from "../config/check-address.ts";
import { parseRange } from "../config/parse-range.ts";
import { readConfigFiles } from "../config/read-config-files.ts";
import { readEnv } from "../config/read-env.ts";
import { sentryAccess } from "../config/sentry-access.ts";
import { type SentryTarget, sentryTarget } from "../config/sentry-target.ts";
import { sentryUrl } from "../config/sentry-url.ts";
import type { Registry } from "../plugins/registry.ts";
import { isDuration } from "../text/parse-duration.ts";
import { chooseOutput, type OutputFlags } from "./choose-output.ts";
import { conductExport } from "./conduct-export.ts";
import { sentryJob } from "./sentry-job.ts";

type Text = string | undefined;

/** The flags of `export sentry`, as oclif parsed them. */
interface ExportFlags extends OutputFlags {
  readonly url?: Text;
  readonly org?: Text;
  /** A variable gives one text, flags a list. */
  readonly project?: readonly string[] | Text;
  readonly query?: Text;
  readonly environment?: readonly string[] | Text;
  readonly since?: Text;
  readonly from?: Text;
  readonly to?: Text;
  readonly via?: "issues" | "project" | undefined;
  readonly header?: readonly string[] | undefined;
  readonly "allow-insecure-http": boolean;
}

/** What `export sentry` was given. */
export interface ExportInputs {
  readonly registry: Registry;
  readonly flags: ExportFlags;
  readonly issues: readonly string[];
}

/**
 * Exports from Sentry.
 *
 * @returns The exit code.
 */
export async function exportSentry({ registry, flags, issues }: ExportInputs): Promise<number> {
  const files = await readConfigFiles({ cwd: process.cwd(), home: homedir(), env: readEnv });
  const { url = sentryUrl(readEnv), org } = flags;
  const projects = texts(flags.project);
  const target = sentryTarget({ url, org, projects, issues, files, parseIssueUrl });
  requireSubject(target);
  checkAddress(target.url, { insecure: flags["allow-insecure-http"] });
  if (flags.since !== undefined) requireDuration(flags.since);
  const from = flags.since ?? flags.from;
  const { range, notes } = parseRange({ from, to: flags.to, now: Date.now() });
  const output = await chooseOutput(registry, { flags, stream: "events" });
  const access = await sentryAccess(target, { files, header: flags.header });
  return await conductExport({
    ...output,
    job: { ...output.job, source: describeSource(target, flags), range },
    access,
    resume: false,
    force: flags.force,
    notes,
  });
}

function describeSource(target: SentryTarget, flags: ExportFlags): Job["source"] {
  const { url, org, projects, issues } = target;
  const environment = texts(flags.environment);
  return sentryJob({
    url,
    ...(org === undefined ? {} : { org }),
    ...(projects.length === 0 ? {} : { project: projects }),
    ...(issues.length === 0 ? {} : { issues }),
    ...(flags.query === undefined ? {} : { query: flags.query }),
    ...(environment.length === 0 ? {} : { environment }),
    ...(flags.via === undefined ? {} : { via: flags.via }),
    ...(flags["allow-insecure-http"] ? { allowInsecureHttp: true } : {}),
  });
}

function texts(value: readonly string[] | Text): string[] {
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
