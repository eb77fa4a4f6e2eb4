import { createGate, type Gate, type GateOptions } from "@decant/pagination";

/** The groups of endpoints that Sentry limits apart from each other. */
export type LaneName = "issue-events" | "project-events" | "issues" | "discover" | "default";

/** A gate that follows what the server says of its limit. */
export interface SentryLane {
  readonly gate: Gate;
  /** Takes note of the limit that an answer tells. */
  observe(headers: Headers): void;
  /** The server says that it were too many at once. */
  yield(): void;
}

/** How lanes are made. */
export interface LanesOptions extends Pick<GateOptions, "now" | "sleep"> {
  /** The most requests at once. */
  readonly concurrency?: number;
}

/** What a server bears that keeps no limit itself: its own strength is the limit then. */
const unlimited = 3;
const limited = 8;
/** After this long without a complaint, one more request at once is tried. */
const recovery = 60_000;

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
    concurrency: options.concurrency ?? unlimited,
    now,
    ...(sleep && { sleep }),
  });
  let cap = gate.concurrency;
  let less = 0;
  let changed = Number.NEGATIVE_INFINITY;

  function apply(): void {
    const concurrency = Math.max(1, cap - less);
    if (gate.concurrency !== concurrency) gate.concurrency = concurrency;
  }

  return {
    gate,
    observe(headers) {
      if (!headers.has("x-sentry-rate-limit-limit")) return;
      const most = options.concurrency ?? limited;
      // The server writes "None" where it has no such limit.
      const limit = Number.parseInt(headers.get("x-sentry-rate-limit-concurrentlimit") ?? "", 10);
      cap = limit > 0 ? Math.min(limit, most) : most;
      if (less > 0 && now() - changed > recovery) {
        less--;
        changed = now();
      }
      apply();
    },
    yield() {
      // Requests that were sent together are refused together: that is one complaint.
      if (now() - changed < 1_000 || gate.concurrency === 1) return;
      less++;
      changed = now();
      apply();
    },
  };
}
