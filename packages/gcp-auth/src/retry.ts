import { isDecantError } from "@decant/core";

/** How {@linkcode retry} waits. */
export interface RetryOptions {
  /** Waits, and rejects with the signal's reason when that comes first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

// 0.5 s, 1 s, 2 s, each between one half and the whole of it: a person waits at the other end.
const firstDelayMs = 500;
const retries = 3;
/** Who is asked to wait for longer than this gets the error, and may decide. */
const longestDelayMs = 30_000;

/**
 * Calls `attempt` until it succeeds, fails for good, or has failed four times. An error says itself
 * whether a retry makes sense, and how long the server wants to be left alone.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDecantError(error) || !error.retryable || failures >= retries) throw error;
      const backoff = firstDelayMs * 2 ** failures * (0.5 + options.random() / 2);
      const delay = Math.max(backoff, error.retryAfterMs ?? 0);
      if (delay > longestDelayMs) throw error;
      await options.sleep(delay, options.signal);
    }
  }
}
