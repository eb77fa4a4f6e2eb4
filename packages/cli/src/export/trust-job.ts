import { resolve } from "node:path";
import { DecantError } from "@decant/core";
import type { Job } from "@decant/pipeline";
import { commandLine } from "../text/command-line.ts";
import { shortPath } from "./choose-place.ts";
import { readNdjsonJob } from "./ndjson-job.ts";
import { isSealed } from "./seal-job.ts";
import { readSentryJob, type SentryJobOptions, sentryJob } from "./sentry-job.ts";

/** What the user says about a state, to confirm it. */
export interface TrustOptions {
  /** The state, absolute. */
  readonly state: string;
  readonly url?: string | undefined;
  readonly output?: string | undefined;
  readonly allowInsecureHttp: boolean;
  /** Where the key of the seals lies. */
  readonly keyFolder: string;
}

/**
 * Decides whether the job of a state may be run. One that this user began on this machine may. Any
 * other names a server and an output that somebody else chose, so the user must name them as well.
 *
 * @returns The job to run.
 * @throws {DecantError} `TARGET_UNTRUSTED`.
 */
export async function trustJob(job: Job, options: TrustOptions): Promise<Job> {
  const { state, url, output, keyFolder } = options;
  const { destination } = job.sink;
  const stored = readSentryJob(job.source);
  const sealed = await isSealed(job, keyFolder);
  const sameUrl = originOf(url) === originOf(stored.url);
  const mayGo = url === undefined ? sealed : sameUrl;
  const beside = destination === "-" || `${destination}.decant` === state;
  const mayWrite = output === undefined ? sealed || beside : names(output, destination);
  if (!mayGo || !mayWrite) {
    throw refuse({
      state,
      sealed,
      does: `it sends your token to "${stored.url}" and writes "${destination}"`,
      confirm: ["--url", stored.url, "--output", destination],
    });
  }
  return sealed ? job : { ...job, source: withHttp(stored, options) };
}

/**
 * The same for a job that reads files. No token goes anywhere, but somebody else's state could have
 * files of this user poured into a place of theirs, so the user must name that place.
 */
export async function trustFiles(job: Job, options: TrustOptions): Promise<Job> {
  const { state, output, keyFolder } = options;
  const { destination } = job.sink;
  const { files } = readNdjsonJob(job.source);
  const sealed = await isSealed(job, keyFolder);
  if (output === undefined ? sealed : names(output, destination)) return job;
  const read = files.map((file) => `"${file}"`).join(", ");
  throw refuse({
    state,
    sealed,
    does: `it reads ${read} and writes "${destination}"`,
    confirm: ["--output", destination],
  });
}

function names(output: string, destination: string): boolean {
  return output === destination || resolve(output) === destination;
}

/** Whether the token may go unencrypted is for the user to say, not for somebody's file. */
function withHttp(
  { allowInsecureHttp: _, ...stored }: SentryJobOptions,
  { allowInsecureHttp }: TrustOptions,
): Job["source"] {
  return sentryJob({ ...stored, ...(allowInsecureHttp ? { allowInsecureHttp } : {}) });
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : (URL.parse(url)?.origin ?? url);
}

interface Refused {
  readonly state: string;
  readonly sealed: boolean;
  /** What would happen. */
  readonly does: string;
  /** The flags that confirm it. */
  readonly confirm: readonly string[];
}

function refuse({ state, sealed, does, confirm }: Refused): DecantError {
  const flags = confirm.filter((word) => word.startsWith("--")).join(" and ");
  const why = sealed
    ? `it is not what was said with ${flags}`
    : "it was not made by you on this machine, or was changed";
  return new DecantError(
    "TARGET_UNTRUSTED",
    `Cannot resume "${shortPath(state)}": ${why}; ${does}`,
    {
      kind: "credentials",
      hint: `If you want both, say so: ${commandLine("resume", shortPath(state), ...confirm)}`,
    },
  );
}
