import { shareFlight } from "@decant/core";
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

/** Names come from callers without end. */
const most = 1_000;

/**
 * Keeps tokens in memory, 1,000 at most: the one that was not asked for longest makes room. Callers
 * that need a new token under one name at the same time wait for one request together; one that gives
 * up does not take it from the others.
 */
export function createTokenCache(now: () => number): TokenCache {
  const tokens = new Map<string, ExpiringToken>();
  const share = shareFlight<ExpiringToken>();

  /** A Map keeps the order of insertion: the last one is the one used last. */
  function keep(name: string, token: ExpiringToken): ExpiringToken {
    tokens.delete(name);
    tokens.set(name, token);
    if (tokens.size > most) tokens.delete(tokens.keys().next().value!);
    return token;
  }

  async function refresh(
    name: string,
    { mint }: CacheRequest,
    signal: AbortSignal,
  ): Promise<ExpiringToken> {
    return keep(name, await mint(signal));
  }

  return async (name, request) => {
    request.signal?.throwIfAborted();
    const kept = tokens.get(name);
    if (kept && kept.expiresAt.getTime() - now() > request.minTtlMs) return keep(name, kept);
    const { signal } = request;
    return await share(name, { signal, run: (stop) => refresh(name, request, stop) });
  };
}
