import { once } from "node:events";
import { createServer } from "node:http";
import { type AuthEntry, DecantError, type OptionValue } from "@decant/core";
import { createTokenResponder, type LogEntry } from "@decant/gcp-auth/service";
import { openProvider } from "../auth/open-provider.ts";
import { readEnv } from "../config/read-env.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { answerRequest } from "./answer-request.ts";
import { formatServiceEnv } from "./format-service-env.ts";
import { listen } from "./listen.ts";
import { isLocal, parseAddress, type ServiceAddress } from "./parse-address.ts";

/** What the flags of `serve` said. */
export interface ServeOptions {
  readonly given: Readonly<Record<string, OptionValue>>;
  readonly listen: string;
  /** Each of these may hold several, with commas between them. */
  readonly scopes: readonly string[];
  readonly allowScopes: readonly string[];
  readonly allowAudiences: readonly string[];
  readonly allowHosts: readonly string[];
  readonly printEnv: boolean;
}

const secretVariable = "DECANT_SERVE_SECRET";

/** How long open requests may take when the service stops, in milliseconds. */
const graceMs = 5_000;

/**
 * Serves the tokens of a provider as Google's metadata server does, until SIGTERM or SIGINT.
 *
 * @throws {DecantError} `ADDRESS_INVALID`, `ADDRESS_UNUSABLE`, `LISTEN_FAILED`,
 * `SERVE_SECRET_MISSING`, or what the service and the provider refuse.
 */
export async function serveTokens(
  provided: Provided<AuthEntry>,
  options: ServeOptions,
): Promise<void> {
  const address = parseAddress(options.listen);
  if (options.printEnv) return await writeStdout(`${formatServiceEnv(address)}\n`);
  const secret = readSecret(address);
  const stop = new AbortController();
  const allowedScopes = split(options.allowScopes);
  const allowedAudiences = split(options.allowAudiences);
  const asked = split(options.scopes);
  const scopes = asked.length > 0 ? asked : allowedScopes;
  const respond = await createTokenResponder({
    accounts: [
      { provider: await openProvider(provided, { given: options.given, cache: false }), scopes },
    ],
    hosts: [...split(options.allowHosts), ...(address.kind === "port" ? [address.host] : [])],
    ...(allowedScopes.length > 0 && { allowedScopes }),
    ...(allowedAudiences.length > 0 && { allowedAudiences }),
    ...(secret !== undefined && { secret }),
    signal: stop.signal,
    onLog: log,
  });
  const server = createServer((...exchange) => void answerRequest(respond, exchange));
  // A client that sends slowly holds nothing but its own connection, and not for long.
  Object.assign(server, { headersTimeout: 10_000, requestTimeout: 20_000 });
  process.stderr.write(`Serving tokens on ${await listen(server, address)}\n`);
  await stopSignal();
  stop.abort();
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await once(server, "close");
  clearTimeout(timer);
}

/** Resolves with the first signal to stop. A second one ends the process as if nobody listened. */
function stopSignal(): Promise<void> {
  const names = ["SIGINT", "SIGTERM"] as const;
  return new Promise((resolve) => {
    function stop(): void {
      for (const name of names) process.off(name, stop);
      resolve();
    }
    for (const name of names) process.on(name, stop);
  });
}

/** Whoever reaches the service has the rights of the account. */
function readSecret(address: ServiceAddress): string | undefined {
  const secret = readEnv(secretVariable);
  if (secret !== undefined || isLocal(address)) return secret;
  throw new DecantError(
    "SERVE_SECRET_MISSING",
    "Cannot serve tokens to other machines: there is no shared secret",
    {
      kind: "usage",
      hint: `Set ${secretVariable} to 16 characters or more, or listen on 127.0.0.1 or unix:PATH.`,
    },
  );
}

function log({ time, ...entry }: LogEntry): void {
  const line = JSON.stringify({ time: new Date(time).toISOString(), ...entry });
  process.stderr.write(`${line}\n`);
}

function split(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
}
