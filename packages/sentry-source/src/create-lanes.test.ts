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
  expect(sentry.log.filter(({ status }) => status === 429)).toEqual([]);
  const events = sentry.log.filter(({ group }) => group === "issue-events");
  expect(Math.max(...events.map(({ inFlight }) => inFlight))).toBeLessThanOrEqual(4);
  expect(events.at(-1)!.at - events[0]!.at).toBeLessThan(events.length * 600);
});

test("createLanes() makes any lane on demand, and each once", () => {
  const laneOf = createLanes({ concurrency: 2, now: Date.now, random: Math.random });
  expect(laneOf("replays")).toBe(laneOf("replays"));
  expect(laneOf("replays")).not.toBe(laneOf("releases"));
  expect(laneOf("constructor").concurrency).toBe(3);
  expect(laneOf("project-events").concurrency).toBe(1);
});

test("lanes tell too many at once from too many in a period", async () => {
  for (const remaining of [30, 0]) {
    const clock = createClock();
    await using sentry = await startSentry({ ...small, limits: false });
    let refuse = 2;
    const { fetch } = redirected(sentry, ({ pathname }) => {
      if (!/issues\/\d+\/events\/$/.test(pathname) || refuse-- <= 0) return undefined;
      const reset = Math.floor(clock.now() / 1_000) + 60;
      return json("above a limit", { status: 429, headers: headers(remaining, reset) });
    });
    const waits: SentryEvent[] = [];
    const source = sourceOf(sentry, {
      fetch,
      project: "web",
      now: clock.now,
      retry: { sleep: clock.sleep, random: () => 0.5 },
      onEvent: (event) => event.type === "wait" && waits.push(event),
    });
    const { rows } = await exportAll(source);
    expect(rows.size).toBe(600);
    expect(waits[0]).toMatchObject({ reason: "rate limit of issue-events" });
    if (remaining > 0) expect(waits[0]!.ms).toBeLessThan(1_000);
    else expect(waits[0]!.ms).toBeGreaterThan(55_000);
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
