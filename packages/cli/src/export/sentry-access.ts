import { homedir } from "node:os";
import type { Job } from "@decant/pipeline";
import { checkAddress } from "../config/check-address.ts";
import { readEnv } from "../config/read-env.ts";
import { readSentryclirc } from "../config/read-sentryclirc.ts";
import { sentryToken } from "../config/sentry-token.ts";
import { readSentryJob } from "./sentry-job.ts";

/** Finds the token for a job that is resumed, if it may go where the job leads. */
export async function sentryAccess(
  source: Job["source"],
  { url: confirmed }: { readonly url?: string | undefined },
): Promise<string> {
  const { url, allowInsecureHttp = false } = readSentryJob(source);
  checkAddress(url, { insecure: allowInsecureHttp });
  const files = await readSentryclirc({ cwd: process.cwd(), home: homedir() });
  // A file of the project may have named the server when the export began.
  const trusted = confirmed !== undefined || !isSameOrigin(url, files.local?.url);
  return sentryToken({ url, trusted }, { fromEnv: readEnv("SENTRY_AUTH_TOKEN"), files });
}

function isSameOrigin(url: string, other: string | undefined): boolean {
  return other !== undefined && URL.parse(url)?.origin === URL.parse(other)?.origin;
}
