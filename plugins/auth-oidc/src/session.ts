import type { AuthContext } from "@decant/core";
import type { Settings } from "./settings.ts";

/** Waiting and chance, which tests replace. */
export interface Clockwork {
  /** Waits, and rejects with the signal's reason when that comes first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** How long one answer of a server may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** What all of a provider's parts work with. */
export interface Session extends Clockwork {
  readonly settings: Settings;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** Shows a person a line. Absent: nobody would see it. */
  readonly tell: ((message: string) => void) | undefined;
}

/** Puts together what the parts work with. */
export function createSession(
  settings: Settings,
  { context, clockwork }: { readonly context: AuthContext; readonly clockwork: Clockwork },
): Session {
  const { certificate } = settings;
  const { tell } = context;
  return {
    ...clockwork,
    settings,
    fetch:
      certificate && context.fetchWithCertificate
        ? context.fetchWithCertificate(certificate)
        : context.fetch,
    now: () => context.now(),
    tell: tell && ((message) => tell.call(context, message)),
  };
}
