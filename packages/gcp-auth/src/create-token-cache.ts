import type { ExpiringToken } from "./parse-token.ts";

/** How {@linkcode TokenCache} is asked. */
interface CacheRequest {
  /** A kept token is good only while it lives for longer than this, in milliseconds. */
  readonly minTtlMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets a new token. Its signal ends when nobody waits for it any more. */
  mint(signal: AbortSignal): Promise<ExpiringToken>;
}

/** Gets the token kept under a name, or a new one. */
export type TokenCache = (name: string, request: CacheRequest) => Promise<ExpiringToken>;

interface Flight {
  readonly token: Promise<ExpiringToken>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Keeps tokens in memory. Callers that need a new token under one name at the same time wait for
 * one request together; one that gives up does not take it from the others.
 */
export function createTokenCache(now: () => number): TokenCache {
  const tokens = new Map<string, ExpiringToken>();
  const flights = new Map<string, Flight>();

  async function refresh(
    name: string,
    { mint }: CacheRequest,
    signal: AbortSignal,
  ): Promise<ExpiringToken> {
    const token = await mint(signal);
    // Names come from callers without end, so those of the past must not stay.
    for (const [old, { expiresAt }] of tokens) {
      if (expiresAt.getTime() <= now()) tokens.delete(old);
    }
    tokens.set(name, token);
    return token;
  }

  function takeOff(name: string, request: CacheRequest): Flight {
    const controller = new AbortController();
    const token = refresh(name, request, controller.signal);
    const flight = { token, controller, waiting: 0 };
    flights.set(name, flight);
    return flight;
  }

  return async (name, request) => {
    request.signal?.throwIfAborted();
    const kept = tokens.get(name);
    if (kept && kept.expiresAt.getTime() - now() > request.minTtlMs) return kept;
    const flight = flights.get(name) ?? takeOff(name, request);
    flight.waiting++;
    try {
      return await abortable(flight.token, request.signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) {
        if (flights.get(name) === flight) flights.delete(name);
        flight.controller.abort();
      }
    }
  };
}

/** Settles like the promise, or rejects with the signal's reason, whichever comes first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
