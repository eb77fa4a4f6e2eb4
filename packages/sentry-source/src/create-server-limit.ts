import { createGate, type GateOptions } from "@decant/pagination";
import { createAdaptiveLimit } from "./create-adaptive-limit.ts";

/** What all lanes of a server share. */
export interface ServerLimit {
  /** The most requests at once where the server gives no number. */
  readonly most: number;
  /** How many requests at once the server bears, over all lanes that it told no limit of. */
  readonly value: number;
  /** Runs a request of a lane when there is room. */
  run<T>(task: () => Promise<T>, options: ServerRunOptions): Promise<T>;
  /** Starts nothing before this time in any lane that has no limit of its own. */
  pauseUntil(time: number): void;
  /** Takes note of a request that went well, and of how much longer it took than the least. */
  succeed(slowness: number): void;
  /** Takes note of a request, by when it was sent, that was too much for the server. */
  fail(sent: number): void;
}

interface ServerRunOptions {
  /** Whether the lane has no limit of its own. */
  readonly shared: boolean;
  readonly signal: AbortSignal | undefined;
}

/** How a server's limit is made. */
export interface ServerLimitOptions extends Pick<GateOptions, "sleep"> {
  /** The most requests at once, in all. */
  readonly concurrency?: number;
  now(): number;
}

/** What a machine of one's own bears besides its users. */
const modest = 6;
/** What failed may have been too much for it: that is not to be found out again and again. */
const restMs = 10_000;

/**
 * Makes the limit of a server that keeps none itself, as self-hosted ones do: its own strength. It
 * counts over all lanes, since it is one machine. The bound that a user set counts in any case.
 */
export function createServerLimit(options: ServerLimitOptions): ServerLimit {
  const { concurrency, ...effects } = options;
  const most = concurrency ?? modest;
  const strength = createAdaptiveLimit({ most, restMs, now: options.now });
  const shared = createGate({ concurrency: strength.value, ...effects });
  const all = createGate({ concurrency: concurrency ?? Number.MAX_SAFE_INTEGER, ...effects });
  let running = 0;

  function follow(): void {
    if (shared.concurrency !== strength.value) shared.concurrency = strength.value;
  }

  return {
    most,
    get value() {
      return strength.value;
    },
    run(task, options) {
      const { signal } = options;
      const one = () => all.run(task, signal);
      if (!options.shared) return one();
      const counted = async () => {
        running++;
        try {
          return await one();
        } finally {
          running--;
        }
      };
      return shared.run(counted, signal);
    },
    pauseUntil: shared.pauseUntil,
    succeed(slowness) {
      strength.succeed({ running, slowness });
      follow();
    },
    fail(sent) {
      strength.fail(sent);
      follow();
    },
  };
}
