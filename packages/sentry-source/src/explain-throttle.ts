import { DecantError, retryAfter } from "@decant/core";
import type { FailedResponse } from "@decant/pagination";

/** Which limit a 429 speaks of. */
export interface Throttle {
  /**
   * - `window`: too many requests in a period, over when the next one begins
   * - `concurrency`: too many at once
   * - `query`: the event store behind the server is busy
   */
  readonly limit: "window" | "concurrency" | "query";
  readonly error: DecantError;
}

/** What {@linkcode explainThrottle} needs besides the answer. */
export interface ThrottleContext {
  /** What is read. */
  readonly name: string;
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: number;
}

const states = {
  window: "too many requests in a short time",
  concurrency: "too many requests at once",
  query: "its event store is busy",
};

/**
 * Tells the kinds of 429 apart. Sentry's limiter sends no Retry-After but says when its period ends
 * (https://docs.sentry.io/api/ratelimits/); with requests left in the period, it was the number of
 * requests at once.
 */
export function explainThrottle(failure: FailedResponse, context: ThrottleContext): Throttle {
  const limit = limitOf(failure);
  const wait =
    limit === "window"
      ? untilReset(failure.headers, context)
      : retryAfter(failure.headers, context.now);
  const error = new DecantError(
    limit === "query" ? "SENTRY_QUERY_LIMIT" : "SENTRY_THROTTLED",
    `Cannot read ${context.name}: ${states[limit]} for the server`,
    {
      kind: "source",
      retryable: true,
      hint: "Go on later. Other programs that use the token share its limit.",
      ...(wait !== undefined && { retryAfterMs: wait }),
    },
  );
  return { limit, error };
}

function limitOf({ headers, body }: FailedResponse): Throttle["limit"] {
  if (/allowed concurrency/i.test(body)) return "concurrency";
  if (/smaller date range|was throttled/i.test(body)) return "query";
  const remaining = headers.get("x-sentry-rate-limit-remaining");
  return remaining === null || Number(remaining) <= 0 ? "window" : "concurrency";
}

/** The end of the period by the server's own clock, and a bit of chance to not come back all at once. */
function untilReset(headers: Headers, context: ThrottleContext): number | undefined {
  const reset = Number(headers.get("x-sentry-rate-limit-reset") || Number.NaN);
  if (Number.isNaN(reset)) return retryAfter(headers, context.now);
  const date = Date.parse(headers.get("date") ?? "");
  const wait = reset * 1_000 - (Number.isNaN(date) ? context.now : date);
  return Math.round(Math.max(0, wait) + 100 + context.random * 400);
}
