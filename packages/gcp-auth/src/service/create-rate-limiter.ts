import type { RateLimit } from "./options.ts";

/** Takes one request of a client: 0 if it may go on, else how long it must wait, in milliseconds. */
export type RateLimiter = (client: string) => number;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Of more clients at once, those that asked longest ago are forgotten. */
const mostClients = 10_000;

/** Limits the requests of each client with a token bucket. */
export function createRateLimiter({ perSecond, burst }: RateLimit, now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return (client) => {
    const at = now();
    const { tokens, at: last } = buckets.get(client) ?? { tokens: burst, at };
    const filled = Math.min(burst, tokens + (Math.max(0, at - last) / 1_000) * perSecond);
    const allowed = filled >= 1;
    buckets.delete(client);
    buckets.set(client, { tokens: allowed ? filled - 1 : filled, at });
    if (buckets.size > mostClients) buckets.delete(buckets.keys().next().value!);
    return allowed ? 0 : ((1 - filled) / perSecond) * 1_000;
  };
}
