import type { VirtualClock } from "./virtual-clock.ts";

/** What a model of a server bears, and what it says of that. */
export interface ModelOptions {
  /** Requests a window. Absent: the server has no limits and tells of none. */
  readonly limit?: number;
  readonly windowSeconds?: number;
  readonly concurrent?: number;
  /** How long headers take, by how many requests are under way. */
  latency?(underWay: number): number;
  /** How long a body takes. */
  readonly bodyMs?: number;
  /** Above so many at once the server fails. */
  readonly strength?: number;
  /** Whether it then drops the connection, and does not answer with 503. */
  readonly drops?: boolean;
  /** How far its clock is ahead of ours. */
  readonly skewMs?: number;
}

/** One request that it answered. */
export interface Served {
  readonly at: number;
  readonly status: number;
  /** How many of ours were under way. */
  readonly underWay: number;
  /** The number of its window. */
  readonly window: number;
}

/** A model of a server in virtual time. */
export interface ModelServer {
  readonly fetch: typeof globalThis.fetch;
  readonly log: Served[];
  /** What another program with the same token does: set it at will. */
  readonly others: { underWay: number; perWindow: number };
}

/** Makes a server that limits as Sentry does: fixed windows, and so many at once. */
export function createModelServer(clock: VirtualClock, options: ModelOptions): ModelServer {
  const { limit, windowSeconds = 1, concurrent = 25, latency = () => 100, skewMs = 0 } = options;
  const log: Served[] = [];
  const others = { underWay: 0, perWindow: 0 };
  let underWay = 0;
  let current = { window: 0, used: 0 };

  function admit(): { status: number; headers: Record<string, string>; body: string } {
    const time = clock.now() + skewMs;
    const window = Math.floor(time / 1_000 / windowSeconds);
    if (window !== current.window) current = { window, used: others.perWindow };
    current.used++;
    const date = new Date(time).toUTCString();
    if (limit === undefined) {
      const status = underWay > (options.strength ?? Number.POSITIVE_INFINITY) ? 503 : 200;
      return { status, headers: { date }, body: "{}" };
    }
    const atOnce = underWay + others.underWay;
    const headers = {
      date,
      "x-sentry-rate-limit-limit": String(limit),
      "x-sentry-rate-limit-remaining": String(Math.max(0, limit - current.used)),
      "x-sentry-rate-limit-reset": String((window + 1) * windowSeconds),
      "x-sentry-rate-limit-concurrentlimit": String(concurrent),
      "x-sentry-rate-limit-concurrentremaining": String(Math.max(0, concurrent - atOnce)),
    };
    if (current.used > limit) return { status: 429, headers, body: '{"detail":"too frequently"}' };
    if (atOnce <= concurrent) return { status: 200, headers, body: "{}" };
    return { status: 429, headers, body: '{"detail":"above the allowed concurrency"}' };
  }

  return {
    log,
    others,
    async fetch(_input, init) {
      underWay++;
      const { body, ...answer } = admit();
      log.push({ at: clock.now(), status: answer.status, underWay, window: current.window });
      const signal = init?.signal ?? undefined;
      await clock.sleep(latency(underWay), signal);
      if (answer.status === 503 && options.drops) {
        underWay--;
        throw new TypeError("fetch failed");
      }
      const content = new ReadableStream<Uint8Array>({
        async start(controller) {
          await clock.sleep(options.bodyMs ?? 0, signal);
          underWay--;
          controller.enqueue(new TextEncoder().encode(body));
          controller.close();
        },
      });
      return new Response(content, answer);
    },
  };
}
