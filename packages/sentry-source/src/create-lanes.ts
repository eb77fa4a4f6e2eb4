import { createGate, type Gate, type GateOptions } from "@decant/pagination";

/** The groups of endpoints that Sentry limits apart from each other. */
export type LaneName = "issue-events" | "project-events" | "issues" | "discover" | "default";

/** A gate that follows what the server says of its limit. */
export interface SentryLane {
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

/** Makes one lane for each group of endpoints. */
export function createLanes(options: LanesOptions): Readonly<Record<LaneName, SentryLane>> {
  return {
    "issue-events": createLane(options),
    // The server allows a user's token one request at a time there.
    "project-events": createLane({ ...options, concurrency: 1 }),
    issues: createLane(options),
    discover: createLane(options),
    default: createLane(options),
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
