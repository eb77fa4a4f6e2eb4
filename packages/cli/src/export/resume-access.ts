import { homedir } from "node:os";
import type { Job } from "@decant/pipeline";
import { checkAddress } from "../config/check-address.ts";
import { type ConfigFile, readConfigFiles } from "../config/read-config-files.ts";
import { readEnv } from "../config/read-env.ts";
import { type SentryAccess, sentryAccess } from "../config/sentry-access.ts";
import { readSentryJob } from "./sentry-job.ts";

/** What the user says when an export is resumed. */
interface ResumeAccessOptions {
  readonly url?: string | undefined;
  readonly header?: readonly string[] | undefined;
}

/** Finds what the server of a job that is resumed is asked with, if it may go where the job leads. */
export async function resumeAccess(
  source: Job["source"],
  { url: confirmed, header }: ResumeAccessOptions,
): Promise<SentryAccess> {
  const { url, allowInsecureHttp = false } = readSentryJob(source);
  checkAddress(url, { insecure: allowInsecureHttp });
  const files = await readConfigFiles({ cwd: process.cwd(), home: homedir(), env: readEnv });
  // A file of the project may have named the server when the export began.
  const namedBy = confirmed === undefined ? whoNames(url, files)?.path : undefined;
  return await sentryAccess({ url, ...(namedBy && { namedBy }) }, { files, header });
}

function whoNames(url: string, files: readonly ConfigFile[]): ConfigFile | undefined {
  const origin = URL.parse(url)?.origin;
  return files.find((file) => !file.own && file.url && URL.parse(file.url)?.origin === origin);
}
