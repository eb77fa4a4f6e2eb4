import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { createLanes } from "./create-lanes.ts";
import type { SentryEvent } from "./sentry-event.ts";
import { exportAll } from "./testing/export-all.ts";
import { differences, json, none, oracle, redirected, sourceOf } from "./testing/simulated.ts";

const small = { eventBytes: 300, projects: [{ slug: "web", issues: [{ events: 600 }] }] } as const;

/** A clock that passes only by waiting. */
function createClock() {
  let time = Date.now();
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      time += Math.max(0, ms);
    },
  };
}

test("lanes keep the limits of sentry.io by its own words", async () => {
  const clock = createClock();
  await using sentry = await startSentry({
    ...small,
    now: clock.now,
    rateLimits: { "issue-events": { limit: 10, windowSeconds: 5, concurrent: 4 } },
  });
  const source = sourceOf(sentry, {
    project: "web",
    now: clock.now,
    retry: { sleep: clock.sleep, random: () => 0.5 },
  });
  const { rows } = await exportAll(source);
  expect(differences(rows, oracle(sentry))).toEqual(none);
  expect(source.lanes["issue-events"]!.concurrency).toBe(4);
  const refused = sentry.log.filter(({ status }) => status === 429).length;
  expect(refused).toBeGreaterThan(0);
  // Each window of ten is found used up about once, and not asked again before it ends.
  expect(refused).toBeLessThan(sentry.log.length / 5);
});

test("createLanes() makes any lane on demand, and each once", () => {
  const laneOf = createLanes({ concurrency: 5 });
  expect(laneOf("replays")).toBe(laneOf("replays"));
  expect(laneOf("replays")).not.toBe(laneOf("releases"));
  expect(laneOf("constructor").concurrency).toBe(5);
  expect(laneOf("project-events").concurrency).toBe(1);
});

test("lanes begin with three, and go to eight where the server tells of its limits", async () => {
  await using saas = await startSentry({
    ...small,
    limits: true,
    rateLimits: { default: { limit: 1e6 } },
  });
  await using own = await startSentry({ ...small, flavor: "self-hosted" });
  const limited = sourceOf(saas, { project: "web" });
  const unlimited = sourceOf(own, { project: "web" });
  expect(limited.lanes["issue-events"]!.concurrency).toBe(3);
  await exportAll(limited);
  await exportAll(unlimited);
  expect(limited.lanes["issue-events"]!.concurrency).toBe(8);
  expect(unlimited.lanes["issue-events"]!.concurrency).toBe(3);
  expect(limited.lanes["project-events"]!.concurrency).toBe(1);
  const chosen = sourceOf(own, { project: "web", concurrency: 5 });
  expect(chosen.lanes["issue-events"]!.concurrency).toBe(5);
});

test.each([
  ["with limit headers", headers(9)],
  ["without limit headers", {}],
])("a lane %s asks for one fewer at once when it were too many, and for more later", (_, told) => {
  let time = 0;
  const lane = createLanes({ now: () => time, concurrency: 3 })("discover");
  const after = (seconds: number, act: () => void) => {
    time += seconds * 1_000;
    act();
    return lane.gate.concurrency;
  };
  const complain = () => lane.backOff();
  const answer = () => lane.observe(new Headers(told));
  expect(lane.gate.concurrency).toBe(3);
  expect([2, 0.5, 2, 2, 2].map((seconds) => after(seconds, complain))).toEqual([2, 2, 1, 1, 1]);
  expect([5, 5.1, 5, 5.1, 50].map((seconds) => after(seconds, answer))).toEqual([1, 2, 2, 3, 3]);
});

test("a lane does not ask for more while the server complains", () => {
  let time = 0;
  const lane = createLanes({ now: () => time, concurrency: 3 })("discover");
  const seen = [30, 30, 30, 9, 9].map((seconds) => {
    time += seconds * 1_000;
    lane.backOff();
    lane.observe(new Headers());
    return lane.gate.concurrency;
  });
  expect(seen).toEqual([2, 1, 1, 1, 1]);
});

test("a lane recovers on a server that tells of no limit", async () => {
  const clock = createClock();
  await using sentry = await startSentry({ ...small, flavor: "self-hosted" });
  let asked = 0;
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (!/issues\/\d+\/events\/$/.test(pathname)) return undefined;
    asked++;
    // Each answer takes six seconds of the server's time.
    void clock.sleep(6_000);
    const detail = "You are attempting to go above the allowed concurrency for this endpoint";
    return asked === 1 ? json({ detail }, { status: 429 }) : undefined;
  });
  const lowest: number[] = [];
  const retry = { sleep: clock.sleep, random: () => 0.5 };
  const source = sourceOf(sentry, {
    fetch,
    project: "web",
    now: clock.now,
    retry,
    onEvent: ({ type }) => {
      if (type === "wait") lowest.push(source.lanes["issue-events"]!.concurrency);
    },
  });
  const { rows } = await exportAll(source);
  expect(rows.size).toBe(600);
  expect(lowest).toEqual([2]);
  expect(source.lanes["issue-events"]!.concurrency).toBe(3);
});

test("lanes tell too many at once from too many in a period", async () => {
  for (const remaining of [3, 0]) {
    const clock = createClock();
    await using sentry = await startSentry({ ...small, limits: false });
    let refuse = 2;
    const { fetch } = redirected(sentry, ({ pathname }) => {
      if (!/issues\/\d+\/events\/$/.test(pathname) || refuse-- <= 0) return undefined;
      const reset = Math.floor(clock.now() / 1_000) + 60;
      return json("above a limit", { status: 429, headers: headers(remaining, reset) });
    });
    const retry = { sleep: clock.sleep, random: () => 0.5 };
    const source = sourceOf(sentry, { fetch, project: "web", now: clock.now, retry });
    const { rows } = await exportAll(source);
    expect(rows.size).toBe(600);
    const longest = Math.max(...clock.waits);
    if (remaining > 0) expect(longest).toBeLessThan(5_000);
    else expect(longest).toBeGreaterThan(55_000);
    expect(source.lanes["issue-events"]!.concurrency).toBe(remaining > 0 ? 7 : 8);
  }
});

test("explainThrottle() waits by the server's clock, not by ours", async () => {
  for (const skew of [-86_400, 0, 86_400]) {
    const clock = createClock();
    await using sentry = await startSentry({ ...small, limits: false });
    const server = Math.floor(clock.now() / 1_000) + skew;
    let refused = false;
    const { fetch } = redirected(sentry, ({ pathname }) => {
      if (refused || !pathname.endsWith("/organizations/acme/")) return undefined;
      refused = true;
      const date = new Date(server * 1_000).toUTCString();
      return json(
        { detail: "too often" },
        { status: 429, headers: { ...headers(0, server + 7), date } },
      );
    });
    const events: SentryEvent[] = [];
    const retry = { sleep: clock.sleep, random: () => 0.5, minDelayMs: 1 };
    await exportAll(
      sourceOf(sentry, {
        project: "web",
        fetch,
        now: clock.now,
        retry,
        onEvent: (event) => events.push(event),
      }),
    );
    const [wait] = events.filter(({ type }) => type === "wait");
    expect(wait).toMatchObject({ ms: 7_300 });
  }
});

test("onEvent() hears of each request, and of no secret", async () => {
  await using sentry = await startSentry({ ...small, limits: false });
  const events: SentryEvent[] = [];
  const headers = { "x-proxy": "s3cr3t" };
  await exportAll(
    sourceOf(sentry, { project: "web", headers, onEvent: (event) => events.push(event) }),
  );
  expect(events).toHaveLength(sentry.log.length);
  expect(events[0]).toMatchObject({
    type: "request",
    method: "GET",
    path: "/api/settings/",
    status: 404,
  });
  expect(JSON.stringify(events)).not.toContain(sentry.token);
  expect(JSON.stringify(events)).not.toContain("s3cr3t");
});

function headers(remaining: number, reset = 0): Record<string, string> {
  return {
    "x-sentry-rate-limit-limit": "40",
    "x-sentry-rate-limit-remaining": String(remaining),
    "x-sentry-rate-limit-reset": String(reset),
    "x-sentry-rate-limit-concurrentlimit": "25",
    "x-sentry-rate-limit-concurrentremaining": "None",
  };
}
