import { sleep as wait } from "@decant/core";
import pRetry from "p-retry";
import { FailedTry } from "./failed-try.ts";
import type { RequestOptions, RetryOptions } from "./request-options.ts";

/** What of a request's options matters here. */
export type WithRetryOptions = Pick<
  RequestOptions<unknown>,
  "retry" | "signal" | "now" | "lane" | "onRetry"
>;

/** What p-retry says of a failed try. */
interface Attempt {
  readonly error: Error;
  readonly attemptNumber: number;
}

/** Tries until it succeeds, fails for good, or patience ends; then throws the last try's error. */
export async function withRetry<T>(task: () => Promise<T>, options: WithRetryOptions): Promise<T> {
  const { signal, lane, onRetry, now = Date.now, retry = {} } = options;
  const { retries = 8, budgetMs = 600_000, sleep = wait } = retry;
  let delayMs = 0;
  let waitedMs = 0;

  function onFailedAttempt({ error: failure, attemptNumber }: Attempt): void {
    if (!(failure instanceof FailedTry && failure.error.retryable)) return;
    delayMs = Math.max(backoff(attemptNumber, retry), failure.waitMs ?? 0);
    // After the last try, too: the others of the lane go on.
    if (failure.throttled || failure.waitMs !== undefined) lane?.pauseUntil(now() + delayMs);
  }

  async function shouldRetry({ error: failure, attemptNumber }: Attempt): Promise<boolean> {
    if (!(failure instanceof FailedTry && failure.error.retryable)) return false;
    waitedMs += delayMs;
    if (waitedMs > budgetMs) return false;
    onRetry?.({ attempt: attemptNumber + 1, delayMs, reason: failure.reason });
    await sleep(delayMs, signal);
    return true;
  }

  // p-retry counts the tries; the waits are ours, since the server has a say in them.
  const counting = { retries, minTimeout: 0, onFailedAttempt, shouldRetry };
  try {
    return await pRetry(task, { ...counting, ...(signal && { signal }) });
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
