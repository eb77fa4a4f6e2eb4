import type { Group } from "./sentry-options.ts";
import type { RequestRecord } from "./sentry-simulator.ts";

/** How often the limits of one group of endpoints were broken. */
export interface LimitBreaks {
  /** Requests that the limiter refused. */
  readonly total: number;
  /** The most of them in a row, with no other request of the group between. */
  readonly longestRun: number;
}

/**
 * Finds the requests that broke a limit in a {@linkcode SentrySimulator.log}. The 429s that `faults`
 * made up do not count, and do not end a run.
 *
 * @returns The groups of which a limit was broken, and how often.
 *
 * @example
 * ```ts
 * import { limitBreaks, simulateSentry } from "@decant/simulator";
 *
 * const sentry = simulateSentry({ rateLimits: { projects: { limit: 1, windowSeconds: 60 } } });
 * const headers = { authorization: `Bearer ${sentry.token}` };
 * for (let i = 0; i < 3; i++) {
 *   await sentry.fetch(`${sentry.url}/api/0/organizations/acme/projects/`, { headers });
 * }
 * console.log(limitBreaks(sentry.log).get("projects")); // { total: 2, longestRun: 2 }
 * ```
 */
export function limitBreaks(log: readonly RequestRecord[]): ReadonlyMap<Group, LimitBreaks> {
  const runs = new Map<Group, number>();
  const breaks = new Map<Group, LimitBreaks>();
  for (const { group, refused, status } of log) {
    if (group === undefined || (status === 429 && !refused)) continue;
    const run = refused ? (runs.get(group) ?? 0) + 1 : 0;
    runs.set(group, run);
    if (!refused) continue;
    const { total, longestRun } = breaks.get(group) ?? { total: 0, longestRun: 0 };
    breaks.set(group, { total: total + 1, longestRun: Math.max(longestRun, run) });
  }
  return breaks;
}
