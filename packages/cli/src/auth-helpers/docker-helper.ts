import { type AuthEntry, DecantError, type HelperEntry, isDecantError } from "@decant/core";
import { readStdin } from "../auth/read-stdin.ts";
import { requestToken } from "../auth/request-token.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { type HelperOptions, helperHosts } from "./helper-options.ts";
import { matchHost } from "./match-host.ts";
import { registryHost } from "./registry-host.ts";

/** By these words Docker knows that it may go on without. */
const notFound = "credentials not found in native keychain";

/** What is said to Docker. */
interface Answer {
  readonly text: string;
  readonly code: number;
}

/**
 * Speaks the protocol of Docker's credential helpers
 * (https://github.com/docker/docker-credential-helpers#development).
 *
 * @throws {DecantError} `HOST_INVALID`, `HELPER_INPUT_INVALID`, `HELPER_STORE_REFUSED`, or what the
 * provider refuses. Docker has heard of it by then, on standard output.
 */
export async function dockerHelper(
  provided: Provided<AuthEntry>,
  options: HelperOptions,
): Promise<void> {
  try {
    const { text, code } = await answer(provided, options);
    process.exitCode = code;
    if (text !== "") await writeStdout(`${text}\n`);
  } catch (error) {
    if (isDecantError(error) && error.code !== "OUTPUT_CLOSED") {
      await writeStdout(`${error.message}\n`);
    }
    throw error;
  }
}

async function answer(provided: Provided<AuthEntry>, options: HelperOptions): Promise<Answer> {
  const entry = provided.entry.helpers?.docker as HelperEntry;
  const hosts = helperHosts(entry, options.hosts);
  if (options.action === "list") return { text: JSON.stringify(listed(entry, hosts)), code: 0 };
  const input = new TextDecoder().decode(await readStdin());
  const isOurs = (server: string) => matchHost(registryHost(server), hosts);
  switch (options.action) {
    case "get": {
      if (!isOurs(input)) return { text: notFound, code: 1 };
      const { value } = await requestToken(provided, options);
      const found = { ServerURL: input.trim(), Username: entry.username, Secret: value };
      return { text: JSON.stringify(found), code: 0 };
    }
    case "store":
      checkStored(input, { username: entry.username, isOurs });
      return { text: "", code: 0 };
    default: // Nothing was stored that could be erased.
      return { text: "", code: 0 };
  }
}

/** The registries that can be named one by one, as Docker wants them. */
function listed({ username }: HelperEntry, hosts: readonly string[]): Record<string, string> {
  const names = hosts.filter((host) => !host.startsWith("*."));
  return Object.fromEntries(names.map((host) => [`https://${host}`, username]));
}

interface StoreRules {
  readonly username: string;
  isOurs(server: string): boolean;
}

/** After a login with what it got from here, Docker gives it back to be stored. Else it is a password. */
function checkStored(input: string, { username, isOurs }: StoreRules): void {
  const given = parseObject(input);
  if (given?.["Username"] === username && isOurs(String(given["ServerURL"]))) return;
  const server = given ? JSON.stringify(given["ServerURL"]) : "the registry";
  throw new DecantError(
    "HELPER_STORE_REFUSED",
    `Cannot store a password for ${server}: decant keeps none`,
    {
      kind: "usage",
      hint: "Let another helper serve this registry: credHelpers in Docker's config.json names one for each.",
    },
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
