import fc from "fast-check";
import { expect, test } from "vitest";
import { type Client, createClient } from "./create-client.ts";
import type { SentryEvent } from "./sentry-event.ts";
import { createModelServer, type ModelOptions, type Served } from "./testing/model-server.ts";
import { createVirtualClock, type VirtualClock } from "./testing/virtual-clock.ts";

function start(options: ModelOptions & { readonly most?: number }) {
  const clock = createVirtualClock();
  const server = createModelServer(clock, options);
  const events: SentryEvent[] = [];
  const client = createClient({
    origin: "https://sentry.example",
    token: "t",
    headers: {},
    ...(options.most !== undefined && { concurrency: options.most }),
    fetch: server.fetch,
    now: clock.now,
    retry: { sleep: clock.sleep, random: () => 0.5 },
    onEvent: (event) => events.push(event),
  });
  const waits = () => events.filter((event) => event.type === "wait");
  return { clock, client, waits, ...server };
}

/** Keeps a lane busy for so long, with as many slices as it says. */
async function load(
  { clock, client }: { clock: VirtualClock; client: Client },
  { seconds, lane = "events" }: { seconds: number; lane?: string },
): Promise<void> {
  const end = clock.now() + seconds * 1_000;
  const open = new Set<Promise<unknown>>();
  while (clock.now() < end) {
    while (open.size < client.lane(lane).concurrency) {
      const one = ask(client, lane).finally(() => open.delete(one));
      open.add(one);
    }
    await Promise.race(open);
  }
  await Promise.all(open);
}

function ask(
  client: Client,
  lane: string,
  signal = new AbortController().signal,
): Promise<unknown> {
  return client.get({
    origin: "https://sentry.example",
    path: "/",
    lane,
    subject: { name: "it", scope: "event:read" },
    parse: (body) => body,
    signal,
  });
}

const refused = (log: readonly Served[]) => log.filter(({ status }) => status === 429);

/** How many requests each window had, without the first and the last. */
function perWindow(log: readonly Served[]): number[] {
  const counts = new Map<number, number>();
  for (const { window } of log) counts.set(window, (counts.get(window) ?? 0) + 1);
  return [...counts.values()].slice(1, -1);
}

/** The most and the usual number under way in the last part of a log. */
function lately(log: readonly Served[], since: number): { most: number; mean: number } {
  const late = log.filter(({ at }) => at >= since).map(({ underWay }) => underWay);
  return { most: Math.max(...late), mean: late.reduce((sum, one) => sum + one, 0) / late.length };
}

test.each([0, 86_400_000, -86_400_000])(
  "a lane uses up each window and breaks none, at a clock %i ms off",
  async (skewMs) => {
    const run = start({ limit: 40, skewMs });
    await run.clock.run(load(run, { seconds: 20 }));
    expect(refused(run.log)).toEqual([]);
    const counts = perWindow(run.log).slice(1);
    expect(counts.length).toBeGreaterThan(15);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(36);
    expect(Math.max(...counts)).toBe(40);
  },
);

test("a lane tells of each pause once, and why", async () => {
  const run = start({ limit: 60, windowSeconds: 60 });
  await run.clock.run(load(run, { seconds: 200 }));
  expect(refused(run.log)).toEqual([]);
  const waits = run.waits();
  expect(waits.length).toBeGreaterThanOrEqual(3);
  expect(waits.length).toBeLessThanOrEqual(4);
  for (const wait of waits) {
    expect(wait).toMatchObject({ reason: "rate limit of events" });
    expect(wait.ms).toBeGreaterThan(50_000);
    expect(wait.ms).toBeLessThan(60_000);
  }
});

test("a lane comes to as many at once as the server says, less one, in two seconds", async () => {
  const run = start({ limit: 1_000_000 });
  const begin = run.clock.now();
  await run.clock.run(load(run, { seconds: 6 }));
  expect(run.log[0]?.underWay).toBe(1);
  // As many slices as keep it busy.
  expect(run.client.lane("events").concurrency).toBe(30);
  expect(lately(run.log, begin + 2_000).mean).toBeGreaterThanOrEqual(20);
  expect(lately(run.log, begin + 3_000).most).toBe(24);
  expect(refused(run.log)).toEqual([]);
});

test("a lane makes room for another program, and takes it back", async () => {
  const run = start({ limit: 1_000_000 });
  const { clock, others, log } = run;
  const begin = clock.now();
  others.underWay = 10;
  const loading = load(run, { seconds: 12 });
  await clock.run(Promise.race([loading, clock.sleep(4_000)]));
  expect(lately(log, begin + 3_000).most).toBeLessThanOrEqual(15);
  expect(lately(log, begin + 3_000).mean).toBeGreaterThan(12);
  expect(refused(log)).toEqual([]);
  others.underWay = 0;
  await clock.run(Promise.race([loading, clock.sleep(3_000)]));
  expect(lately(log, begin + 6_500).mean).toBeGreaterThanOrEqual(20);
  others.underWay = 15;
  await clock.run(loading);
  expect(lately(log, begin + 9_000).most).toBeLessThanOrEqual(10);
  // Those that were sent together are refused together: at most twice, from 24 by way of 16 to 11.
  expect(roundsOf(refused(log))).toBeLessThanOrEqual(3);
});

test("a lane that shares its window with a greedy program breaks no two in a row", async () => {
  const run = start({ limit: 40 });
  run.others.perWindow = 30;
  await run.clock.run(load(run, { seconds: 30 }));
  const broken = [...new Set(refused(run.log).map(({ window }) => window))];
  expect(broken.length).toBeGreaterThan(0);
  expect(broken.length).toBeLessThanOrEqual(4);
  for (const window of broken) expect(broken).not.toContain(window + 1);
  expect(run.log.length - refused(run.log).length).toBeGreaterThanOrEqual(0.85 * 10 * 29);
});

test("lanes of a server without limits share its strength", async () => {
  const run = start({ latency: (underWay) => 100 * Math.max(1, underWay / 6) });
  const begin = run.clock.now();
  const both = ["events", "issues"].map((lane) => load(run, { seconds: 8, lane }));
  await run.clock.run(Promise.all(both));
  expect(lately(run.log, begin + 3_000)).toEqual({ most: 6, mean: expect.closeTo(6, 0) });
  expect(["events", "issues"].map((lane) => run.client.lane(lane).concurrency)).toEqual([8, 8]);
});

test("a lane is gentle to a server that does one thing at a time", async () => {
  const run = start({ latency: (underWay) => 200 * underWay });
  await run.clock.run(load(run, { seconds: 30 }));
  expect(lately(run.log, 0).most).toBeLessThanOrEqual(4);
});

test.each([
  ["answers with 503", false],
  ["drops connections", true],
])("a lane finds how much a server bears that %s beyond it", async (_, drops) => {
  const run = start({ strength: 2, drops });
  const begin = run.clock.now();
  await run.clock.run(load(run, { seconds: 40 }));
  const { mean } = lately(run.log, begin + 5_000);
  expect(mean).toBeLessThan(2.5);
  const failed = run.log.filter(({ status }) => status === 503);
  expect(failed.length).toBeLessThan(run.log.length / 20);
});

test("no more are ever under way than the user allows, over all lanes", async () => {
  for (const options of [{ limit: 1_000_000 }, {}]) {
    const run = start({ ...options, most: 10 });
    const all = ["a", "b", "c"].map((lane) => load(run, { seconds: 4, lane }));
    await run.clock.run(Promise.all(all));
    expect(lately(run.log, 0).most).toBe(10);
  }
});

test("whatever its limits, a server that nobody else uses refuses nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        limit: fc.integer({ min: 1, max: 60 }),
        windowSeconds: fc.constantFrom(1, 2, 10, 60),
        concurrent: fc.integer({ min: 1, max: 30 }),
        ms: fc.integer({ min: 1, max: 900 }),
        bodyMs: fc.constantFrom(0, 1, 50, 1_500),
        skewMs: fc.integer({ min: -100_000, max: 100_000 }),
      }),
      async ({ ms, ...options }) => {
        const run = start({ ...options, latency: () => ms });
        await run.clock.run(load(run, { seconds: 5 }));
        expect(refused(run.log)).toEqual([]);
        expect(run.log.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 200 },
  );
});

test("an abort ends the wait for a window at once", async () => {
  const run = start({ limit: 4, windowSeconds: 600 });
  const stop = new AbortController();
  const asked = Array.from({ length: 8 }, () => ask(run.client, "events", stop.signal));
  const ended = Promise.allSettled(asked);
  const begin = run.clock.now();
  await run.clock.run(run.clock.sleep(5_000));
  const reason = new Error("enough");
  stop.abort(reason);
  const results = await run.clock.run(ended);
  expect(run.clock.now() - begin).toBe(5_000);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
  const failed = results.filter((result) => result.status === "rejected");
  expect(failed.map((result) => result.reason)).toEqual([reason, reason, reason, reason]);
});

/** How often something happened, where what happened within a round trip is one. */
function roundsOf(log: readonly Served[]): number {
  return log.filter(({ at }, index) => at - (log[index - 1]?.at ?? 0) > 100).length;
}
