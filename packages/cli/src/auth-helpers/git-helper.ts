import {
  type AuthEntry,
  DecantError,
  type HelperEntry,
  isLoopback,
  type Token,
} from "@decant/core";
import { readStdin } from "../auth/read-stdin.ts";
import { requestToken } from "../auth/request-token.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { type HelperOptions, helperHosts } from "./helper-options.ts";
import { matchHost } from "./match-host.ts";
import { parseGitInput } from "./parse-git-input.ts";
import { parseHost } from "./parse-host.ts";

/**
 * Speaks the protocol of Git's credential helpers (https://git-scm.com/docs/git-credential#IOFMT).
 * Whoever asks for another host gets no answer, and what is to be stored or erased is not kept here.
 *
 * @throws {DecantError} `HOST_INVALID`, `HELPER_INPUT_INVALID`, `HELPER_INSECURE`, or what the
 * provider refuses.
 */
export async function gitHelper(
  provided: Provided<AuthEntry>,
  options: HelperOptions,
): Promise<void> {
  const entry = provided.entry.helpers?.git as HelperEntry;
  const hosts = helperHosts(entry, options.hosts);
  // Other actions may come with later versions of Git, and helpers are to be silent about them.
  if (options.action !== "get") return;
  const asked = parseGitInput(new TextDecoder().decode(await readStdin()));
  const url = parseHost(asked.get("host") ?? "", asked.get("protocol") ?? "");
  if (!url || !matchHost(url.host, hosts)) return;
  checkSecure(url);
  const token = await requestToken(provided, options);
  const username = asked.get("username") || token.principal || entry.username;
  await writeStdout(formatAnswer(token, username));
}

function checkSecure({ protocol, hostname, host }: URL): void {
  if (protocol === "https:" || isLoopback(hostname)) return;
  throw new DecantError(
    "HELPER_INSECURE",
    `Cannot give Git a token for "http://${host}": everybody on the way could read it`,
    { kind: "usage", hint: "Let the address of the remote begin with https://." },
  );
}

function formatAnswer({ value, expiresAt }: Token, username: string): string {
  const lines = [`username=${username}`, `password=${value}`];
  if (lines.some((line) => /[\n\0]/.test(line))) {
    throw new DecantError("HELPER_TOKEN_UNFIT", "Cannot give Git the token: it is not one line", {
      kind: "usage",
      hint: "Tell the author of the provider: a token is of visible characters.",
    });
  }
  if (expiresAt) lines.push(`password_expiry_utc=${Math.floor(expiresAt.getTime() / 1000)}`);
  return `${lines.join("\n")}\n`;
}
