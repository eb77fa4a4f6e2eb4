import type { Reply } from "./loopback-server.ts";
import type { Group, RateLimit, SentryOptions } from "./sentry-options.ts";
import type { BrokenLimit } from "./sentry-simulator.ts";

/** Sentry's limits of late 2026, as its source and its headers have them. */
const sentryLimits: Readonly<Partial<Record<Group | "default", Partial<RateLimit>>>> = {
  default: { limit: 40, windowSeconds: 1, concurrent: 25 },
  "project-events": { limit: 60, windowSeconds: 60, concurrent: 1 },
  discover: { limit: 30, concurrent: 15 },
  "project-issues": { limit: 5 },
  issue: { limit: 5 },
  "issue-event": { limit: 15 },
  "project-event": { limit: 5 },
  "project-tag-values": { limit: 10, concurrent: 10 },
  stats: { limit: 20 },
};

/** The answer of the limiter to one request. */
interface Admission {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: Reply;
  /** Which limit the refusal is for. */
  readonly broken?: BrokenLimit;
}

/** Counts requests in fixed windows, and those under way. */
export interface RateLimiter {
  /** Call `leave` for each request that came in, admitted or not. */
  enter(group: Group, identity: string): Admission;
  leave(group: Group, identity: string): void;
  /** The headers and the body of a refusal, for one that the counts do not call for. */
  pretend(group: Group, why: BrokenLimit): Reply;
}

/** Makes a limiter of Sentry's middleware. */
export function createRateLimiter(
  now: () => number,
  { overrides = {}, old }: { overrides: SentryOptions["rateLimits"] | undefined; old: boolean },
): RateLimiter {
  const windows = new Map<string, { window: number; used: number }>();
  const open = new Map<string, number>();
  const limitOf = (group: Group): RateLimit => ({
    ...(sentryLimits["default"] as RateLimit),
    ...overrides["default"],
    ...(overrides["default"] ? {} : sentryLimits[group]),
    ...overrides[group],
  });
  // Before 2025 the body was the bare text, as a JSON string.
  const spoken = ({ text, headers }: Refused): Reply => ({
    status: 429,
    // The middleware writes JSON under Django's default content type.
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: JSON.stringify(old ? text : { detail: text }),
  });
  return {
    enter(group, identity) {
      const key = `${group} ${identity}`;
      const limit = limitOf(group);
      const window = Math.floor(now() / 1_000 / limit.windowSeconds);
      const before = windows.get(key);
      const used = (before?.window === window ? before.used : 0) + 1;
      const under = (open.get(key) ?? 0) + 1;
      windows.set(key, { window, used });
      open.set(key, under);
      const headers = limitHeaders(limit, { window, used, under });
      if (used > limit.limit) {
        return { headers, refusal: spoken(tooMany(limit, headers)), broken: "window" };
      }
      // As in the middleware, a request refused for concurrency has used up its place.
      if (under > limit.concurrent) {
        return { headers, refusal: spoken(tooManyAtOnce(limit, headers)), broken: "concurrency" };
      }
      return { headers };
    },
    leave(group, identity) {
      const key = `${group} ${identity}`;
      open.set(key, (open.get(key) ?? 1) - 1);
    },
    pretend(group, why) {
      const limit = limitOf(group);
      const window = Math.floor(now() / 1_000 / limit.windowSeconds);
      if (why === "window") {
        return spoken(tooMany(limit, limitHeaders(limit, { window, used: limit.limit, under: 1 })));
      }
      const under = limit.concurrent + 1;
      return spoken(tooManyAtOnce(limit, limitHeaders(limit, { window, used: 0, under })));
    },
  };
}

function limitHeaders(
  limit: RateLimit,
  count: { window: number; used: number; under: number },
): Record<string, string> {
  return {
    "x-sentry-rate-limit-remaining": String(Math.max(0, limit.limit - count.used)),
    "x-sentry-rate-limit-limit": String(limit.limit),
    "x-sentry-rate-limit-reset": String((count.window + 1) * limit.windowSeconds),
    "x-sentry-rate-limit-concurrentremaining": String(Math.max(0, limit.concurrent - count.under)),
    "x-sentry-rate-limit-concurrentlimit": String(limit.concurrent),
  };
}

interface Refused {
  readonly text: string;
  readonly headers: Record<string, string>;
}

function tooMany({ limit, windowSeconds }: RateLimit, headers: Record<string, string>): Refused {
  const text = `You are attempting to use this endpoint too frequently. Limit is ${limit} requests in ${windowSeconds} seconds`;
  return { text, headers };
}

function tooManyAtOnce({ concurrent }: RateLimit, headers: Record<string, string>): Refused {
  const text = `You are attempting to go above the allowed concurrency for this endpoint. Concurrency limit is ${concurrent}`;
  return { text, headers };
}
