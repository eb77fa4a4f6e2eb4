/** Waits, and rejects with the signal's reason when that comes first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** A {@linkcode Sleep} by the clock. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
