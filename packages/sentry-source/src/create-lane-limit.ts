import { createAdaptiveLimit } from "./create-adaptive-limit.ts";
import { createQuota, type QuotaOptions, readCount } from "./create-quota.ts";
import type { ServerLimit } from "./create-server-limit.ts";

/** What a lane may send, by what the answers told and how they fared. */
export interface LaneLimit {
  /** Whether the server told of a limit of this lane. Else it shares the server's with others. */
  readonly told: boolean;
  /** How many requests may be under way. */
  readonly atOnce: number;
  /** See `Quota.holdUntil`. */
  holdUntil(unanswered: number): number;
  /** Takes note of an answer whose body is still to come. */
  observe(answer: Response, request: { readonly sent: number; readonly underWay: number }): void;
  /** The request, by when it was sent, was one too many at once. */
  tooMany(sent: number): void;
  /** The request failed in a way that a busy server may be the reason of. */
  inTrouble(sent: number): void;
}

/** How a lane's limit is made. */
export interface LaneLimitOptions extends QuotaOptions {
  /** The most requests at once that the lane may ever have. */
  readonly most: number;
  /** What it shares with the other lanes. */
  readonly server: ServerLimit;
}

/** A server that answers faster than this is not busy, however much faster it was before. */
const briskMs = 100;

/**
 * Makes the limit of a lane. As long as no answer told of a limit, that is the server's strength,
 * by how much slower it gets and what fails. From then on it is the lane's own: no more in a period
 * than what is left of it, and as many at once as the server bears, up to what it says.
 */
export function createLaneLimit({ most, server, ...effects }: LaneLimitOptions): LaneLimit {
  const { now } = effects;
  const quota = createQuota(effects);
  const own = createAdaptiveLimit({ most: Math.min(most, server.most), restMs: 1_000, now });
  let told = false;
  let fastest = Number.POSITIVE_INFINITY;

  /** How many more may be under way. One place is left to other programs where there are many. */
  function readConcurrency(headers: Headers): number {
    const limit = readCount(headers, "concurrentlimit") ?? 0;
    if (limit === 0) return Number.POSITIVE_INFINITY;
    const spare = limit > 4 ? 1 : 0;
    own.most = Math.min(most, limit - spare);
    return (readCount(headers, "concurrentremaining") ?? limit) - spare;
  }

  return {
    get told() {
      return told;
    },
    get atOnce() {
      return told ? own.value : Math.min(most, server.value);
    },
    holdUntil: quota.holdUntil,
    observe(answer, { sent, underWay }) {
      const { status, headers } = answer;
      quota.observe(answer, sent);
      if (headers.has("x-sentry-rate-limit-limit")) told = true;
      const free = told ? readConcurrency(headers) : 0;
      if (status >= 500 || status === 429) return;
      if (told) {
        if (free > 0) own.succeed({ running: underWay, slowness: 1 });
        return;
      }
      const ms = Math.max(briskMs, now() - sent);
      fastest = Math.min(fastest, ms);
      server.succeed(ms / fastest);
    },
    tooMany(sent) {
      if (told) own.fail(sent);
      else server.fail(sent);
    },
    inTrouble(sent) {
      if (!told) server.fail(sent);
    },
  };
}
