import type { Token } from "@decant/core";
import { createPause } from "./create-pause.ts";
import { leastMs, type Mint, type MintEffects, mintInTime } from "./mint-in-time.ts";
import type { CacheResult } from "./options.ts";

/** What a kept token needs of the outside. */
export interface KeptTokenEffects extends MintEffects {
  random(): number;
  /** Is told of each mint that ended. */
  onMint(mint: { readonly ok: boolean; readonly ms: number }): void;
}

/** A token, or why there is none and when to ask again. */
export type Outcome =
  | {
      readonly token: Token;
      /** Until when it may be counted on, in milliseconds since 1970. */
      readonly expiresAt: number;
      readonly ttlMs: number;
      readonly cache: CacheResult;
    }
  | { readonly error: unknown; readonly retryAfterMs: number };

/** One token that is renewed whenever that is due. */
export interface KeptToken {
  get(waitUntil?: (work: Promise<unknown>) => void): Promise<Outcome>;
  /** Whether a new one is being asked for. */
  minting(): boolean;
}

interface Flight {
  /** Resolves when the mint has ended, well or not. */
  readonly done: Promise<void>;
  /** The same, but not later than those with an old token want to wait. */
  readonly soon: Promise<void>;
}

/** What is served lives longer than this: Google's libraries renew what has 5 minutes left. */
const floorMs = 300_000;
/** Google's libraries give up on a metadata server after 3 s. */
const patienceMs = 2_000;

/**
 * Keeps one token. As long as it lives for more than 5 minutes it is given at once, and renewed in
 * time, at a moment that chance spreads. After that callers wait for a new one, all for the same; when
 * there is none to be had, they get the old one as long as it lives. Failures are remembered for a
 * pause that grows, so that no crowd of clients asks a server that is in trouble.
 */
export function createKeptToken(mint: Mint, effects: KeptTokenEffects): KeptToken {
  const { now, random } = effects;
  let kept: { readonly token: Token; readonly expiresAt: number } | undefined;
  let flight: Flight | undefined;
  let failure: { readonly error: unknown } | undefined;
  let refreshAt = 0;
  const pause = createPause(effects);

  const ttl = () => (kept ? kept.expiresAt - now() : 0);

  function adopt(token: Token, life: number): void {
    kept = { token, expiresAt: now() + life };
    failure = undefined;
    refreshAt = kept.expiresAt - floorMs - (life - floorMs) * (0.1 + 0.15 * random());
    // A server that keeps tokens itself may have none that lives longer, for a while.
    if (now() >= refreshAt) pause.begin();
    else pause.end();
  }

  async function refresh(): Promise<void> {
    const started = now();
    try {
      const minTtlMs = Math.max(floorMs, ttl());
      const { token, life } = await mintInTime(mint, { ...effects, minTtlMs });
      adopt(token, life);
      effects.onMint({ ok: true, ms: now() - started });
    } catch (error) {
      failure = { error };
      pause.begin(error);
      effects.onMint({ ok: false, ms: now() - started });
    } finally {
      flight = undefined;
    }
  }

  function takeOff(): Flight {
    const landed = new AbortController();
    const done = refresh().finally(() => landed.abort());
    const late = effects.sleep(patienceMs, landed.signal).catch(() => undefined);
    return { done, soon: Promise.race([done, late]) };
  }

  function serve(cache: CacheResult): Outcome {
    return { ...kept!, ttlMs: ttl(), cache };
  }

  return {
    minting: () => flight !== undefined,
    async get(waitUntil) {
      if (ttl() > floorMs) {
        if (now() >= refreshAt && pause.leftMs() === 0 && !flight) {
          flight = takeOff();
          waitUntil?.(flight.done);
        }
        return serve("hit");
      }
      const resting = pause.leftMs() > 0 && (failure !== undefined || ttl() >= leastMs);
      if (!resting) {
        flight ??= takeOff();
        waitUntil?.(flight.done);
        await (ttl() >= leastMs ? flight.soon : flight.done);
      }
      if (ttl() > floorMs) return serve("miss");
      if (ttl() >= leastMs) return serve("stale");
      return { error: failure?.error, retryAfterMs: pause.leftMs() };
    },
  };
}
