import { createSimulation, type Simulation } from "./create-simulation.ts";
import { listen } from "./loopback-server.ts";
import type { SentryOptions } from "./sentry-options.ts";
import type { SentrySimulator } from "./sentry-simulator.ts";

/**
 * Starts a Sentry on loopback. All of its data follows from the seed and the clock; bodies are
 * made on demand, so an issue of 400,000 events costs a few megabytes.
 *
 * @returns The running server. Close it, or bind it with `await using`.
 * @throws {Error} when the port is taken.
 *
 * @example
 * ```ts
 * import { startSentry } from "@decant/simulator";
 *
 * const sentry = await startSentry({ flavor: "self-hosted" });
 * const [issue] = sentry.issues;
 * const response = await fetch(
 *   `${sentry.url}/api/0/organizations/${sentry.org}/issues/${issue?.id}/events/?full=true`,
 *   { headers: { authorization: `Bearer ${sentry.token}` } },
 * );
 * const events: unknown[] = await response.json();
 * console.log(events.length, response.headers.get("link"));
 * await sentry.close();
 * ```
 */
export async function startSentry(options: SentryOptions = {}): Promise<SentrySimulator> {
  let simulation: Simulation | undefined;
  const server = await listen(async (request) => simulation!.handle(request), {
    port: options.port,
    gzip: options.gzip,
    now: options.now ?? Date.now,
  });
  try {
    simulation = createSimulation(options, server.url);
  } catch (error) {
    await server.close();
    throw error;
  }
  return { ...simulation.simulator, close: server.close, [Symbol.asyncDispose]: server.close };
}
