import { DecantError, type Source } from "@decant/core";
import type { Job } from "@decant/pipeline";
import type { SentryAccess } from "../config/sentry-access.ts";
import { openNdjson } from "./ndjson-job.ts";
import { resumeAccess } from "./resume-access.ts";
import { describeFilters, openSentry, type SentryRunOptions } from "./sentry-job.ts";
import { type TrustOptions, trustFiles, trustJob } from "./trust-job.ts";

/** What a source needs besides its job, anew in each run. */
type SourceRunOptions = Omit<SentryRunOptions, "token"> & { readonly token?: string };

/** What the user says when an export is resumed. */
interface ResumeOptions extends TrustOptions {
  readonly header?: readonly string[] | undefined;
}

/** What the program has to know of a source that a job names. */
export interface SourceKind {
  /** Makes the source of a job. */
  open(source: Job["source"], options: SourceRunOptions): Promise<Source>;
  /** Whether it may count rows by itself, as a server does. */
  readonly counted: boolean;
  /** Says what a job leaves out. */
  describe(source: Job["source"]): readonly string[];
  /**
   * Decides whether the job of a state may be run, and finds what it needs for that.
   *
   * @throws {DecantError} `TARGET_UNTRUSTED`, or what is wrong with a token.
   */
  resume(
    job: Job,
    options: ResumeOptions,
  ): Promise<{ readonly job: Job; readonly access?: SentryAccess }>;
}

const kinds = new Map<string, SourceKind>([
  [
    "sentry",
    {
      open: (source, { token = "", ...options }) => openSentry(source, { token, ...options }),
      counted: true,
      describe: describeFilters,
      async resume(stored, options) {
        const job = await trustJob(stored, options);
        return { job, access: await resumeAccess(job.source, options) };
      },
    },
  ],
  [
    "ndjson",
    {
      open: (source) => openNdjson(source),
      counted: false,
      describe: () => [],
      resume: async (stored, options) => ({ job: await trustFiles(stored, options) }),
    },
  ],
]);

/**
 * Finds what is known of the source that a job names.
 *
 * @throws {DecantError} `SOURCE_UNKNOWN`.
 */
export function sourceKind({ name }: Job["source"]): SourceKind {
  const found = kinds.get(name);
  if (found) return found;
  throw new DecantError("SOURCE_UNKNOWN", `Cannot resume from "${name}": there is no such source`, {
    kind: "usage",
    hint: "A newer version of decant may know it.",
  });
}
