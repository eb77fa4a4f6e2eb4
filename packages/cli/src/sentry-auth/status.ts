import { findToken, tokenFolder } from "../config/sentry-access.ts";
import type { FoundToken } from "../config/sentry-token.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { formatTable } from "../text/format-table.ts";
import { chooseServer, type ServerFlags } from "./choose-server.ts";
import { describeToken } from "./describe-token.ts";
import { inspectToken } from "./inspect-token.ts";
import { listTokens } from "./token-store.ts";

/** The flags of `auth sentry status`, as oclif parsed them. */
interface StatusFlags extends ServerFlags {
  readonly json: boolean;
}

/**
 * Tells which token an export would use, whom it stands for, and what it may do.
 *
 * @throws {DecantError} `TOKEN_MISSING`, `SENTRY_UNAUTHORIZED` and so on, when there is none that works.
 */
export async function status(flags: StatusFlags): Promise<void> {
  const server = await chooseServer(flags);
  const { value: token, kind, name } = await findToken(server, server);
  const report = await inspectToken({ token, server, flags });
  const stored = await listTokens(tokenFolder());
  if (flags.json) {
    await writeStdout(`${JSON.stringify({ ...report, token: { kind, name }, stored })}\n`);
    return;
  }
  const others = stored.filter((origin) => origin !== server.url);
  const rows = [
    ...describeToken(report),
    ["token from", origins[kind](name)],
    ...(others.length > 0 ? [["signed in, too", others.join(", ")]] : []),
  ];
  await writeStdout(`${formatTable(rows)}\n`);
}

const origins: Record<FoundToken["kind"], (name: string) => string> = {
  variable: (name) => name,
  file: (name) => name,
  login: (name) => `decant auth sentry login, ${name}`,
};
