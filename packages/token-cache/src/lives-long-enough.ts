import type { Entry } from "./entry.ts";

/**
 * How long a kept token must still live when a request does not say: enough for the longest call,
 * and less than the four minutes before the end at which some metadata servers renew, so that a
 * chain of caches never asks in a loop.
 */
const defaultMinTtlMs = 225_000;

/** Whether a token lives for longer than was asked for, in milliseconds, or than the default. */
export function livesLongEnough(
  { token }: Entry,
  minTtlMs: number | undefined,
  now: number,
): boolean {
  return token.expiresAt.getTime() - now > (minTtlMs ?? defaultMinTtlMs);
}
