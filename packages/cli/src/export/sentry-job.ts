import { DecantError, type Json, type Source } from "@decant/core";
import type { Job } from "@decant/pipeline";
import type { createSentrySource } from "@decant/sentry-source";

type SourceOptions = Parameters<typeof createSentrySource>[0];

/** The part of a Sentry source's options that is stored, so that a resume reads the same data. */
export type SentryJobOptions = Pick<
  SourceOptions,
  | "url"
  | "org"
  | "project"
  | "streams"
  | "issues"
  | "query"
  | "environment"
  | "via"
  | "allowInsecureHttp"
> & {
  /** Whether the files are downloaded that rows of `attachments` stand for. @default {true} */
  readonly attachments?: boolean;
};

/** What a source needs besides, anew in each run. */
export type SentryRunOptions = Omit<SourceOptions, Exclude<keyof SentryJobOptions, "attachments">>;

/** Describes a Sentry source as a job stores it. */
export function sentryJob(options: SentryJobOptions): Job["source"] {
  return { name: "sentry", options: options as Json };
}

/**
 * Reads what {@linkcode sentryJob} stored.
 *
 * @throws {DecantError} `STATE_CORRUPT`.
 */
export function readSentryJob({ options }: Job["source"]): SentryJobOptions & { url: string } {
  const { url } = (options ?? {}) as { readonly url?: unknown };
  if (typeof url !== "string") {
    throw new DecantError("STATE_CORRUPT", "Cannot resume: the state does not say from where", {
      kind: "usage",
      hint: "Start the export again with --force.",
    });
  }
  return options as unknown as SentryJobOptions & { url: string };
}

/** Says what a job leaves out: a variable such as `SENTRY_ENVIRONMENT` must not do so unseen. */
export function describeFilters(source: Job["source"]): readonly string[] {
  const { query, environment } = readSentryJob(source);
  return [
    ...(environment?.length ? [`only of environment ${environment.join(", ")}`] : []),
    ...(query ? [`only what matches "${query}"`] : []),
  ];
}

/** Makes the source of a job. */
export async function openSentry(
  source: Job["source"],
  { attachments: store, ...options }: SentryRunOptions,
): Promise<Source> {
  const { attachments = true, ...stored } = readSentryJob(source);
  const { createSentrySource } = await import("@decant/sentry-source");
  const files = attachments && store ? { attachments: store } : {};
  return createSentrySource({ ...stored, ...options, ...files });
}
