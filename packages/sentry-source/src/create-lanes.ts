import type { Lane } from "@decant/core";
import { createGate, type Gate, type GateOptions } from "@decant/pagination";

/** A gate that follows what the server says of its limit. */
export interface SentryLane extends Lane {
  readonly gate: Gate;
  /** Takes note of an answer, and of the limit that it may tell. */
  observe(headers: Headers): void;
  /** Sends fewer at once: the server says that it were too many. */
  backOff(): void;
}

/** How lanes are made. */
export interface LanesOptions extends Pick<GateOptions, "now" | "sleep"> {
  /** The most requests at once. */
  readonly concurrency?: number;
}

/** What a server bears that keeps no limit itself: its own strength is the limit then. */
const withoutLimit = 3;
const withLimit = 8;
/** After this long without a complaint, one more request at once is tried. */
const recoveryMs = 10_000;
/** Requests that were sent together are refused together: that is one complaint. */
const togetherMs = 1_000;

/** Lanes that may have fewer requests at once: there the server allows a user's token one. */
const caps: ReadonlyMap<string, number> = new Map([["project-events", 1]]);

/**
 * Makes the lanes of a server: one for each group of endpoints that it limits apart from others.
 * A lane is made when it is first asked for; any text is a name.
 */
export function createLanes(options: LanesOptions): (name: string) => SentryLane {
  const lanes = new Map<string, SentryLane>();
  return (name) => {
    const concurrency = caps.get(name) ?? options.concurrency;
    const lane = lanes.get(name) ?? createLane({ ...options, ...(concurrency && { concurrency }) });
    lanes.set(name, lane);
    return lane;
  };
}

function createLane(options: LanesOptions): SentryLane {
  const { now = Date.now, sleep } = options;
  const gate = createGate({
    concurrency: options.concurrency ?? withoutLimit,
    now,
    ...(sleep && { sleep }),
  });
  let cap = gate.concurrency;
  let less = 0;
  let lowered = Number.NEGATIVE_INFINITY;
  /** Since when there was neither a complaint nor one more at once. */
  let calmSince = Number.NEGATIVE_INFINITY;

  function apply(): void {
    const concurrency = Math.max(1, cap - less);
    if (gate.concurrency !== concurrency) gate.concurrency = concurrency;
  }

  return {
    gate,
    get concurrency() {
      return gate.concurrency;
    },
    observe(headers) {
      if (headers.has("x-sentry-rate-limit-limit")) {
        const most = options.concurrency ?? withLimit;
        // The server writes "None" where it has no such limit.
        const limit = Number.parseInt(headers.get("x-sentry-rate-limit-concurrentlimit") ?? "", 10);
        cap = limit > 0 ? Math.min(limit, most) : most;
      }
      if (less > 0 && now() - calmSince > recoveryMs) {
        less--;
        calmSince = now();
      }
      apply();
    },
    backOff() {
      calmSince = now();
      if (now() - lowered < togetherMs || gate.concurrency === 1) return;
      less++;
      lowered = now();
      apply();
    },
  };
}
