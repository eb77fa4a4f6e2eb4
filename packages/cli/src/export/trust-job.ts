import { resolve } from "node:path";
import { DecantError } from "@decant/core";
import type { Job } from "@decant/pipeline";
import { commandLine } from "../text/command-line.ts";
import { shortPath } from "./choose-place.ts";
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
  const named = output === destination || (output !== undefined && resolve(output) === destination);
  const mayGo = url === undefined ? sealed : sameUrl;
  const beside = destination === "-" || `${destination}.decant` === state;
  const mayWrite = output === undefined ? sealed || beside : named;
  if (!mayGo || !mayWrite) throw refuse(stored.url, { destination, state, sealed });
  return sealed ? job : { ...job, source: withHttp(stored, options) };
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
  readonly destination: string;
  readonly state: string;
  readonly sealed: boolean;
}

function refuse(url: string, { destination, state, sealed }: Refused): DecantError {
  const why = sealed
    ? "it is not what --url and --output say"
    : "it was not made by you on this machine, or was changed";
  const confirm = ["resume", shortPath(state), "--url", url, "--output", destination];
  return new DecantError(
    "TARGET_UNTRUSTED",
    `Cannot resume "${shortPath(state)}": ${why}; it sends your token to "${url}" and writes "${destination}"`,
    {
      kind: "credentials",
      hint: `If you want both, say so: ${commandLine(...confirm)}`,
    },
  );
}
