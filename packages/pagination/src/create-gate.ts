import { DecantError, sleep } from "@decant/core";

/** How a {@linkcode Gate} is made. */
export interface GateOptions {
  /** How many tasks may run at once. */
  readonly concurrency: number;
  /** The present, in milliseconds since 1970. @default {Date.now} */
  now?(): number;
  /** Waits. It rejects with the signal's reason once that is aborted. */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * The time before which no more may start, in milliseconds since 1970; with `Infinity` not before
   * a task that runs has ended. Asked for each task that has room, with how many run.
   * @default {() => 0}
   */
  holdUntil?(running: number): number;
}

/** Lets a few tasks run at once, in the order in which they came. */
export interface Gate {
  /**
   * How many tasks may run at once, 1 or more. It may be changed at any time: tasks that run are
   * left alone, those that wait follow the new number.
   */
  concurrency: number;
  /**
   * Runs a task when there is room, and holds its place until the task has settled.
   *
   * @throws the signal's reason when it is aborted before the task began.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Starts no task before this time, in milliseconds since 1970. An earlier time changes nothing. */
  pauseUntil(time: number): void;
}

/**
 * Makes a gate, which keeps the requests that share one limit of a server within it.
 *
 * @param options How many tasks may run at once.
 * @returns The gate, open and empty.
 * @throws {DecantError} `OPTION_INVALID` when the concurrency is not a whole number of 1 or more.
 *
 * @example
 * ```ts
 * import { createGate } from "@decant/pagination";
 *
 * const gate = createGate({ concurrency: 2 });
 * const addresses = ["https://example.com/a", "https://example.com/b", "https://example.com/c"];
 * const texts = await Promise.all(
 *   addresses.map((address) => gate.run(async () => (await fetch(address)).text())),
 * );
 * ```
 */
export function createGate(options: GateOptions): Gate {
  const { now = Date.now, holdUntil = () => 0 } = options;
  const waiting = new Set<() => void>();
  const alarm = createAlarm({ now, ...(options.sleep && { sleep: options.sleep }) }, startNext);
  let concurrency = checkConcurrency(options.concurrency);
  let running = 0;
  let pausedUntil = 0;

  function startNext(waitedUntil = 0): void {
    // The wait is what counts: a clock that was set back meanwhile must not lengthen it.
    if (pausedUntil <= waitedUntil) pausedUntil = 0;
    for (const start of waiting) {
      if (running >= concurrency) return;
      const until = Math.max(pausedUntil, holdUntil(running));
      if (until > Math.max(now(), waitedUntil)) {
        alarm.set(until);
        return;
      }
      waiting.delete(start);
      running++;
      start();
    }
    alarm.clear();
  }

  function enter(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(start);
        if (waiting.size === 0) alarm.clear();
        reject(signal?.reason);
      };
      const start = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.add(start);
      startNext();
    });
  }

  return {
    get concurrency() {
      return concurrency;
    },
    set concurrency(value) {
      concurrency = checkConcurrency(value);
      startNext();
    },
    async run(task, signal) {
      signal?.throwIfAborted();
      await enter(signal);
      try {
        return await task();
      } finally {
        running--;
        startNext();
      }
    },
    pauseUntil(time) {
      pausedUntil = Math.max(pausedUntil, time);
    },
  };
}

/** Calls at one time at most: a new one takes the place of the last. */
function createAlarm(
  { now, sleep: wait = sleep }: { now(): number; sleep?: GateOptions["sleep"] },
  ring: (time: number) => void,
) {
  let timer: AbortController | undefined;
  let at = 0;

  function clear(): void {
    timer?.abort();
    timer = undefined;
  }

  return {
    clear,
    set(time: number): void {
      if (timer && at === time) return;
      clear();
      if (time === Number.POSITIVE_INFINITY) return;
      at = time;
      const own = new AbortController();
      timer = own;
      const stop = () => {
        if (timer !== own) return;
        timer = undefined;
        ring(time);
      };
      wait(time - now(), own.signal).then(stop, stop);
    },
  };
}

function checkConcurrency(value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new DecantError("OPTION_INVALID", `Cannot set concurrency "${value}": it is no count`, {
    kind: "usage",
    hint: "Give a whole number of 1 or more.",
  });
}
