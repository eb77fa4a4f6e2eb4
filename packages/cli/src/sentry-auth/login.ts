import { DecantError } from "@decant/core";
import { readSmallStream } from "../auth/read-small-file.ts";
import { readEnv } from "../config/read-env.ts";
import { tokenFolder } from "../config/sentry-access.ts";
import { requireTrust, tokenVariables } from "../config/sentry-token.ts";
import { formatTable } from "../text/format-table.ts";
import { chooseServer, type ServerFlags } from "./choose-server.ts";
import { describeToken } from "./describe-token.ts";
import { inspectToken } from "./inspect-token.ts";
import { readSecret } from "./read-secret.ts";
import { tokenPath, writeToken } from "./token-store.ts";

/** What a shell tells of a program that Ctrl-C ended. */
const brokenOff = 130;

/**
 * Asks for a token, checks it at the server, and stores it for that server.
 *
 * @returns The exit code.
 * @throws {DecantError} `TOKEN_MISSING`, or what is wrong with the token.
 */
export async function login(flags: ServerFlags): Promise<number> {
  const server = await chooseServer(flags);
  requireTrust(server, { what: "a token", files: server.files });
  const token = await readTokenFrom(process.stdin, server.url);
  if (token === undefined) return brokenOff;
  if (token === "") throw noToken(server.url);
  const report = await inspectToken({ token, server, flags });
  const place = { folder: tokenFolder(), origin: server.url };
  await writeToken(place, token);
  say(`Signed in. The token lies in ${tokenPath(place)}, for this server alone.`);
  say(formatTable(describeToken(report)));
  const variable = tokenVariables.find((name) => readEnv(name) !== undefined);
  if (variable !== undefined) say(`${variable} is set, and counts more than what is stored.`);
  return 0;
}

/** Never from an argument, which others on the machine can see. */
async function readTokenFrom(stdin: NodeJS.ReadStream, url: string): Promise<string | undefined> {
  if (!stdin.isTTY) {
    const bytes = await readSmallStream(stdin, "standard input");
    return new TextDecoder().decode(bytes).trim();
  }
  say(`Make a token at ${url}/settings/account/api/auth-tokens/`);
  say("with the scopes org:read, project:read and event:read.");
  const write = (text: string) => process.stderr.write(text);
  return (await readSecret(stdin, { prompt: `Token for ${url}: `, write }))?.trim();
}

function noToken(url: string): DecantError {
  return new DecantError("TOKEN_MISSING", `Cannot sign in to "${url}": no token was given`, {
    kind: "credentials",
    hint: "Give it at the prompt, or on standard input: decant auth sentry login < token.txt",
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
