import pRetry from "p-retry";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions, RetryOptions } from "./request-options.ts";
import { sleep as wait } from "./sleep.ts";

/** What of a request's options matters here. */
export type WithRetryOptions = Pick<
  RequestOptions<unknown>,
  "retry" | "signal" | "now" | "lane" | "onRetry"
>;

/** Tries until it succeeds, fails for good, or patience ends; then throws the last try's error. */
export async function withRetry<T>(task: () => Promise<T>, options: WithRetryOptions): Promise<T> {
  const { signal, lane, onRetry, now = Date.now, retry = {} } = options;
  const { retries = 8, budgetMs = 600_000, sleep = wait } = retry;
  let waitedMs = 0;

  // p-retry counts the tries; the waits are ours, since the server has a say in them.
  async function shouldRetry(context: {
    error: Error;
    attemptNumber: number;
    retriesLeft: number;
  }) {
    const { error: failure, attemptNumber } = context;
    if (!(failure instanceof FailedTry) || !failure.error.retryable) return false;
    const delayMs = Math.max(backoff(attemptNumber, retry), failure.waitMs ?? 0);
    if (failure.throttled || failure.waitMs !== undefined) lane?.pauseUntil(now() + delayMs);
    waitedMs += delayMs;
    if (waitedMs > budgetMs) return false;
    onRetry?.({ attempt: attemptNumber + 1, delayMs, reason: failure.reason });
    await sleep(delayMs, signal);
    return true;
  }

  try {
    return await pRetry(task, { retries, minTimeout: 0, shouldRetry, ...(signal && { signal }) });
  } catch (error) {
    throw error instanceof FailedTry ? error.error : error;
  }
}

/** Doubles from try to try; half of it is left to chance, so that many clients spread out. */
function backoff(attemptNumber: number, options: RetryOptions): number {
  const { minDelayMs = 500, maxDelayMs = 30_000, random = Math.random } = options;
  const delayMs = Math.min(maxDelayMs, minDelayMs * 2 ** (attemptNumber - 1));
  return Math.round(delayMs * (0.5 + random() / 2));
}
