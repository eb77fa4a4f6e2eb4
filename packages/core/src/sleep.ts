/** The longest wait that timers can hold; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Waits. No timer and no listener is left behind, however the wait ends.
 *
 * @param ms How long, in milliseconds. What is longer than timers can hold, 24.8 days, is cut to that.
 * @param signal Ends the wait.
 * @throws the signal's reason once it is aborted.
 *
 * @example
 * ```ts
 * import { sleep } from "@decant/core";
 *
 * await sleep(500, AbortSignal.timeout(10_000));
 * ```
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      },
      Math.min(ms, LONGEST_MS),
    );
    signal?.addEventListener("abort", stop, { once: true });
  });
}
