import { type AuthContext, sleep } from "@decant/core";

/** What a provider may touch of the outside: all of it can be replaced. */
export interface ProviderEffects {
  /** @default {globalThis.fetch} */
  readonly fetch?: typeof globalThis.fetch;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** How long one answer of a server may take, in milliseconds. @default {10_000} */
  readonly timeoutMs?: number;
  /** Waits between two tries. @default {a timer} */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Spreads the tries of many machines, from 0 up to 1. @default {Math.random} */
  readonly random?: () => number;
  /** Reads an environment variable. @default none is set */
  readonly env?: AuthContext["env"];
  /** Reads a whole file. Absent: a credential that is kept in further files is refused. */
  readonly readFile?: AuthContext["readFile"];
  /** Runs a command. Absent: a credential that comes from a command is refused. */
  readonly run?: NonNullable<AuthContext["run"]>;
  /** Makes a `fetch` with a client certificate. Absent: a credential that needs one is refused. */
  readonly fetchWithCertificate?: NonNullable<AuthContext["fetchWithCertificate"]>;
}

/** The same, with what is usual where nothing was given. */
export type Effects = Required<Omit<ProviderEffects, OptionalEffect>> &
  Pick<ProviderEffects, OptionalEffect>;

type OptionalEffect = "readFile" | "run" | "fetchWithCertificate";

/** Fills in what is usual. */
export function resolveEffects(effects: ProviderEffects): Effects {
  const { readFile, run, fetchWithCertificate } = effects;
  return {
    fetch: effects.fetch ?? globalThis.fetch,
    now: effects.now ?? Date.now,
    timeoutMs: effects.timeoutMs ?? 10_000,
    sleep: effects.sleep ?? sleep,
    random: effects.random ?? Math.random,
    env: effects.env ?? (() => undefined),
    ...(readFile && { readFile }),
    ...(run && { run }),
    ...(fetchWithCertificate && { fetchWithCertificate }),
  };
}
