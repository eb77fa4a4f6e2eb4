import { isDecantError } from "@decant/core";
import type { Clockwork } from "./session.ts";

// 0.5 s, 1 s, 2 s, each between one half and the whole of it: a person waits at the other end.
const firstDelayMs = 500;
const retries = 3;
/** Who is asked to wait for longer than this gets the error, and may decide. */
const longestDelayMs = 30_000;

/**
 * Calls `attempt` until it succeeds, fails for good, or has failed four times. An error says itself
 * whether a retry makes sense, and how long the server wants to be left alone.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { sleep, random, signal }: Pick<Clockwork, "sleep" | "random"> & { readonly signal: AbortSignal },
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDecantError(error) || !error.retryable || failures >= retries) throw error;
      const backoff = firstDelayMs * 2 ** failures * (0.5 + random() / 2);
      const delay = Math.max(backoff, error.retryAfterMs ?? 0);
      if (delay > longestDelayMs) throw error;
      await sleep(delay, signal);
    }
  }
}
