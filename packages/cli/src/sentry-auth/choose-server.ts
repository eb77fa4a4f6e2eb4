import { homedir } from "node:os";
import { parseIssueUrl } from "@decant/sentry-source";
import { checkAddress } from "../config/check-address.ts";
import { type ConfigFile, readConfigFiles } from "../config/read-config-files.ts";
import { readEnv } from "../config/read-env.ts";
import { sentryTarget } from "../config/sentry-target.ts";
import { sentryUrl } from "../config/sentry-url.ts";

/** The flags of every command about a server, as oclif parsed them. */
export interface ServerFlags {
  readonly url?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly "allow-insecure-http": boolean;
}

/** A server, and what files say of it. */
export interface ChosenServer {
  /** Its origin: a token is stored for nothing else. */
  readonly url: string;
  /** The file of a project that names it. Absent: the user chose it. */
  readonly namedBy?: string;
  readonly files: readonly ConfigFile[];
}

/**
 * Finds which server is meant, as an export would.
 *
 * @throws {DecantError} `SENTRY_URL_INVALID`, `CONFIG_UNREADABLE`.
 */
export async function chooseServer(flags: ServerFlags): Promise<ChosenServer> {
  const files = await readConfigFiles({ cwd: process.cwd(), home: homedir(), env: readEnv });
  const given = flags.url ?? sentryUrl(readEnv);
  const { url, namedBy } = sentryTarget({
    ...(given !== undefined && { url: given }),
    projects: [],
    issues: [],
    files,
    parseIssueUrl,
  });
  checkAddress(url, { insecure: flags["allow-insecure-http"] });
  return { url: new URL(url).origin, ...(namedBy !== undefined && { namedBy }), files };
}
