import type { Lane } from "@decant/core";
import { createGate, type GateOptions, type RequestOptions } from "@decant/pagination";
import { createLaneLimit, type LaneLimitOptions } from "./create-lane-limit.ts";

/** A group of endpoints that the server limits apart from others. */
export interface SentryLane extends Lane {
  /** Lets one request pass, try after try. */
  pass(fetch: typeof globalThis.fetch): Passage;
  /** Tells of a wait that holds the lane, once for all who wait. */
  announce(ms: number, reason: string): void;
}

/** A request's way through a lane. Its tries come one after another. */
interface Passage extends Required<Pick<RequestOptions<unknown>, "gate" | "fetch">> {
  /** The last try was one too many at once. */
  tooMany(): void;
  /** The last try failed in a way that a busy server may be the reason of. */
  inTrouble(): void;
}

/** How a lane is made. */
export interface LaneOptions extends LaneLimitOptions, Pick<GateOptions, "sleep"> {
  readonly name: string;
  onWait?(ms: number, reason: string): void;
}

/** Makes a lane: a gate that follows its limit. A request counts until its body has ended. */
export function createLane(options: LaneOptions): SentryLane {
  const { name, most, server, now, sleep } = options;
  const limit = createLaneLimit(options);
  let underWay = 0;
  /** How many of them are counted by an answer, so that only their bodies are still to come. */
  let answered = 0;
  const announce = createAnnouncer(options);
  const gate = createGate({ concurrency: most, now, ...(sleep && { sleep }), holdUntil });

  function holdUntil(running: number): number {
    const until = limit.holdUntil(running - answered);
    if (until !== Number.POSITIVE_INFINITY) announce(until - now(), `rate limit of ${name}`);
    return until;
  }

  function follow(): void {
    if (limit.told && gate.concurrency !== limit.atOnce) gate.concurrency = limit.atOnce;
  }

  function pass(fetch: typeof globalThis.fetch): Passage {
    let sent = Number.NEGATIVE_INFINITY;
    let counted = false;

    async function track<T>(task: () => Promise<T>): Promise<T> {
      underWay++;
      try {
        return await task();
      } finally {
        underWay--;
        if (counted) answered--;
        counted = false;
      }
    }

    return {
      gate: {
        run(task, signal) {
          const one = () => track(task);
          return gate.run(() => server.run(one, { shared: !limit.told, signal }), signal);
        },
        pauseUntil(time) {
          gate.pauseUntil(time);
          if (!limit.told) server.pauseUntil(time);
        },
      },
      async fetch(input, init) {
        sent = now();
        const answer = await fetch(input, init);
        counted = true;
        answered++;
        limit.observe(answer, { sent, underWay });
        follow();
        return answer;
      },
      tooMany() {
        limit.tooMany(sent);
        follow();
      },
      inTrouble: () => limit.inTrouble(sent),
    };
  }

  return {
    get concurrency() {
      // While a slice is counted, or its rows are taken, another one can use its place.
      const { atOnce } = limit;
      return atOnce === 1 ? 1 : atOnce + Math.ceil(atOnce / 4);
    },
    announce,
    pass,
  };
}

/** A shorter wait is a timer that was early. */
const leastMs = 10;

/** Tells of waits, of several that are about the same only once. */
function createAnnouncer({ now, onWait }: LaneOptions): SentryLane["announce"] {
  let announcedUntil = Number.NEGATIVE_INFINITY;
  return (ms, reason) => {
    const until = now() + ms;
    const known = announcedUntil > now() && until < announcedUntil + 1_000;
    if (ms < leastMs || known) return;
    announcedUntil = until;
    onWait?.(Math.round(ms), reason);
  };
}
