import { once } from "node:events";
import type { AuthEntry, OptionValue } from "@decant/core";
import { createTokenResponder } from "@decant/gcp-auth/service";
import { openProvider } from "../auth/open-provider.ts";
import type { Provided } from "../plugins/registry.ts";
import { writeStdout } from "../terminal/write-stdout.ts";
import { createAccessLog } from "./create-access-log.ts";
import { createTokenServer } from "./create-token-server.ts";
import { formatServiceEnv } from "./format-service-env.ts";
import { listen } from "./listen.ts";
import { readSecret } from "./read-secret.ts";
import { readServeOptions } from "./read-serve-options.ts";

/** What `serve` was given. */
interface ServeInput {
  /** The provider's own options. */
  readonly given: Readonly<Record<string, OptionValue>>;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** How long open requests may take when the service stops, in milliseconds. */
const graceMs = 5_000;

/**
 * Serves the tokens of a provider as Google's metadata server does, until SIGTERM or SIGINT.
 *
 * @throws {DecantError} `ADDRESS_INVALID`, `ADDRESS_UNUSABLE`, `LISTEN_FAILED`, `OPTION_INVALID`,
 * `SERVE_SECRET_MISSING`, `SERVE_SECRET_INVALID`, or what the service and the provider refuse.
 */
export async function serveTokens(
  provided: Provided<AuthEntry>,
  { given, flags }: ServeInput,
): Promise<void> {
  const settings = readServeOptions(flags);
  const { address, account, service } = settings;
  if (flags["print-env"] === true) return await writeStdout(`${formatServiceEnv(address)}\n`);
  const secret = await readSecret(address, settings.secretFile);
  const provider = await openProvider(provided, { given, cache: false });
  const stop = new AbortController();
  const log = createAccessLog(process.stderr);
  process.once("exit", log.flush);
  const respond = await createTokenResponder({
    ...service,
    accounts: [{ provider, ...account }],
    ...(secret !== undefined && { secret }),
    signal: stop.signal,
    onLog: log.write,
  });
  const server = createTokenServer(respond, settings.maxConnections);
  process.stderr.write(`Serving tokens on ${await listen(server, settings)}\n`);
  await stopSignal();
  stop.abort();
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await once(server, "close");
  clearTimeout(timer);
  log.flush();
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
