import { DecantError } from "@decant/core";
import {
  createKeptToken,
  type KeptToken,
  type KeptTokenEffects,
  type Outcome,
} from "./kept-token.ts";
import type { Mint } from "./mint-in-time.ts";

/** How {@linkcode TokenStore.get} is asked. */
interface StoreRequest {
  readonly mint: Mint;
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** Tokens by name. */
export interface TokenStore {
  get(name: string, request: StoreRequest): Promise<Outcome>;
  /** How many names are known. */
  size(): number;
}

/**
 * Keeps tokens by name, at most so many: names come from clients without end. The one that was not
 * asked for longest makes room.
 */
export function createTokenStore(maxTokens: number, effects: KeptTokenEffects): TokenStore {
  const tokens = new Map<string, KeptToken>();

  function makeRoom(): boolean {
    if (tokens.size < maxTokens) return true;
    for (const [name, token] of tokens) {
      if (token.minting()) continue;
      tokens.delete(name);
      return true;
    }
    return false;
  }

  return {
    size: () => tokens.size,
    async get(name, { mint, waitUntil }) {
      let token = tokens.get(name);
      if (!token && !makeRoom()) return { error: busyError(maxTokens), retryAfterMs: 1_000 };
      token ??= createKeptToken(mint, effects);
      // A Map keeps the order of insertion: the last one is the one used last.
      tokens.delete(name);
      tokens.set(name, token);
      return token.get(waitUntil);
    },
  };
}

function busyError(maxTokens: number): DecantError {
  return new DecantError(
    "GCP_SERVICE_BUSY",
    `Cannot get another token: "${maxTokens}" different ones are being asked for`,
    { kind: "credentials", hint: "Ask again in a second.", retryable: true },
  );
}
