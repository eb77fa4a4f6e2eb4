import { sleep as wait } from "@decant/core";
import pRetry from "p-retry";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions, RetryOptions } from "./request-options.ts";

/** What of a request's options matters here. */
export type WithRetryOptions = Pick<
  RequestOptions<unknown>,
  "retry" | "signal" | "now" | "gate" | "onRetry"
>;

/** What p-retry says of a failed try. */
interface Attempt {
  readonly error: Error;
  readonly attemptNumber: number;
}

/**
 * Tries until it succeeds, fails for good, or patience ends; then throws the last try's error. What
 * is no {@linkcode FailedTry} is thrown at once.
 */
export async function withRetry<T>(task: () => Promise<T>, options: WithRetryOptions): Promise<T> {
  const { signal, gate, onRetry, now = Date.now, retry = {} } = options;
  const { retries = 8, budgetMs = 600_000, sleep = wait } = retry;
  let delayMs = 0;
  let waitedMs = 0;

  function onFailedAttempt({ error: failure, attemptNumber }: Attempt): void {
    if (!(failure instanceof FailedTry && failure.error.retryable)) return;
    delayMs = Math.max(backoff(attemptNumber, retry), failure.waitMs ?? 0);
    // After the last try, too: the others at the gate go on.
    if (pausesGate(failure)) gate?.pauseUntil(now() + delayMs);
  }

  async function shouldRetry({ error: failure, attemptNumber }: Attempt): Promise<boolean> {
    if (!(failure instanceof FailedTry && failure.error.retryable)) return false;
    waitedMs += delayMs;
    if (waitedMs > budgetMs) return false;
    const { reason } = failure;
    onRetry?.({ attempt: attemptNumber + 1, delayMs, reason, pausesGate: pausesGate(failure) });
    await sleep(delayMs, signal);
    return true;
  }

  // p-retry counts the tries; the waits are ours, since the server has a say in them.
  const counting = { retries, minTimeout: 0, onFailedAttempt, shouldRetry };
  try {
    const unwrap = await pRetry(() => settle(task), { ...counting, ...(signal && { signal }) });
    return unwrap();
  } catch (error) {
    throw error instanceof FailedTry ? error.error : error;
  }
}

function pausesGate({ throttled, waitMs }: FailedTry): boolean {
  return throttled || waitMs !== undefined;
}

/** Hides from p-retry what it must not see: it would make an error of its own of some values. */
async function settle<T>(task: () => Promise<T>): Promise<() => T> {
  try {
    const value = await task();
    return () => value;
  } catch (error) {
    if (error instanceof FailedTry) throw error;
    return () => {
      throw error;
    };
  }
}

/** Doubles from try to try; half of it is left to chance, so that many clients spread out. */
function backoff(attemptNumber: number, options: RetryOptions): number {
  const { minDelayMs = 500, maxDelayMs = 30_000, random = Math.random } = options;
  const delayMs = Math.min(maxDelayMs, minDelayMs * 2 ** (attemptNumber - 1));
  return Math.round(delayMs * (0.5 + random() / 2));
}
