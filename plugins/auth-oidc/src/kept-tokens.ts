import { DecantError, shareFlight, type Token } from "@decant/core";
import type { Session } from "./session.ts";

/** How {@linkcode KeptTokens} is asked. */
interface KeptRequest {
  readonly minTtlMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Gets a new token. Its signal ends when nobody waits for it any more. */
  mint(signal: AbortSignal): Promise<Token>;
}

/** Tokens in memory. */
export interface KeptTokens {
  /** Gets the token kept under a name, or a new one. */
  get(name: string, request: KeptRequest): Promise<Token>;
  clear(): void;
}

interface Kept {
  readonly token: Token;
  readonly since: number;
}

/** How long a kept token must still live when a request does not say: enough for a long request. */
const usualMarginMs = 60_000;
/** A token whose end nobody knows may have ended after that, and a new one costs one request. */
const withoutEndMs = 300_000;

/**
 * Keeps tokens in memory. Callers that need a new token under one name at the same time wait for one
 * request together; one that gives up does not take it from the others.
 */
export function createKeptTokens({ settings, now }: Session): KeptTokens {
  const tokens = new Map<string, Kept>();
  const share = shareFlight<Token>();

  function isAlive({ token, since }: Kept, minTtlMs: number | undefined): boolean {
    if (!token.expiresAt) return now() - since < withoutEndMs;
    const end = token.expiresAt.getTime();
    // One that lives for less than a minute is of use too.
    return end - now() > (minTtlMs ?? Math.min(usualMarginMs, (end - since) / 2));
  }

  async function refresh(name: string, { mint }: KeptRequest, signal: AbortSignal): Promise<Token> {
    const token = await mint(signal);
    // Names come from callers without end, so those of the past must not stay.
    for (const [old, kept] of tokens) if (!isAlive(kept, 0)) tokens.delete(old);
    tokens.set(name, { token, since: now() });
    return token;
  }

  return {
    async get(name, request) {
      const { minTtlMs, signal } = request;
      const kept = tokens.get(name);
      const token =
        kept && isAlive(kept, minTtlMs)
          ? kept.token
          : await share(name, { signal, run: (stop) => refresh(name, request, stop) });
      const { expiresAt } = token;
      if (!expiresAt) return token;
      const ttlMs = expiresAt.getTime() - now();
      const least = minTtlMs ?? 1;
      if (ttlMs < least) {
        throw new DecantError(
          "OIDC_TTL_UNMET",
          `Cannot get a token of "${settings.server}" that lives for ${Math.ceil(least / 1000)} s: a new one lives for ${Math.floor(ttlMs / 1000)} s`,
          { kind: "usage", hint: "Ask for a shorter time to live." },
        );
      }
      // A Date can be changed, and the kept one is shared by all callers.
      return { ...token, expiresAt: new Date(expiresAt) };
    },
    clear: () => tokens.clear(),
  };
}
