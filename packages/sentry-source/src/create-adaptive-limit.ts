/** How many requests may be under way, by how they fare. */
export interface AdaptiveLimit {
  /** A whole number of 1 or more. */
  readonly value: number;
  /** The bound that it never passes. */
  most: number;
  /** Takes note of a request that went well. */
  succeed(sample: {
    /** How many were under way, this one included. */
    readonly running: number;
    /** How long it took, as a multiple of the least that one like it took. */
    readonly slowness: number;
  }): void;
  /** Takes note of one that was too many. What was sent before the last such note adds nothing. */
  fail(sent: number): void;
}

/** How an adaptive limit is made. */
export interface AdaptiveLimitOptions {
  readonly most: number;
  /** How long it does not grow after a failure, in milliseconds. */
  readonly restMs: number;
  now(): number;
}

const first = 3;
/** What is left after a failure, as with TCP's CUBIC (RFC 9438, section 4.6). */
const decrease = 0.7;
/** How much slower than the least is no sign of a queue, since pages differ. */
const tolerance = 2;

/**
 * Makes a limit that starts at 3, grows by one a round trip, and shrinks by a third when something
 * fails. Of all requests of a round the fastest tells whether the server queues them: from how much
 * longer it took than it had to, follows how many wait there, as with TCP Vegas (Brakmo and Peterson,
 * 1995). Up to one is wanted, and with more than two it shrinks by one.
 */
export function createAdaptiveLimit({ now, most, restMs }: AdaptiveLimitOptions): AdaptiveLimit {
  let bound = most;
  let exact = first;
  let failedAt = Number.NEGATIVE_INFINITY;
  let round = newRound();
  const value = () => Math.max(1, Math.min(Math.floor(exact), bound));

  return {
    get value() {
      return value();
    },
    get most() {
      return bound;
    },
    set most(next) {
      bound = next;
    },
    succeed({ running, slowness }) {
      const limit = value();
      // A limit that is not made use of is not tested either.
      if (running * 2 < limit) return;
      round = { count: round.count + 1, slowness: Math.min(round.slowness, slowness) };
      if (round.count < limit) return;
      const queue = limit * (1 - tolerance / round.slowness);
      round = newRound();
      if (queue < 1 && now() - failedAt >= restMs) exact = Math.min(limit + 1, bound);
      else if (queue > 2) exact = Math.max(1, limit - 1);
    },
    fail(sent) {
      if (sent <= failedAt) return;
      failedAt = now();
      round = newRound();
      exact = Math.max(1, value() * decrease);
    },
  };
}

function newRound() {
  return { count: 0, slowness: Number.POSITIVE_INFINITY };
}
