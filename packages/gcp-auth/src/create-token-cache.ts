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

/**
 * Keeps tokens in memory. Callers that need a new token under one name at the same time wait for
 * one request together; one that gives up does not take it from the others.
 */
export function createTokenCache(now: () => number): TokenCache {
  const tokens = new Map<string, ExpiringToken>();
  const share = shareFlight<ExpiringToken>();

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

  return async (name, request) => {
    request.signal?.throwIfAborted();
    const kept = tokens.get(name);
    if (kept && kept.expiresAt.getTime() - now() > request.minTtlMs) return kept;
    const { signal } = request;
    return await share(name, { signal, run: (stop) => refresh(name, request, stop) });
  };
}
