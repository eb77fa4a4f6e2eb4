import type { Estimate, TimeRange } from "@decant/core";
import { type SentryOptions, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import type { SentrySourceOptions } from "./create-sentry-source.ts";
import { exportAll } from "./testing/export-all.ts";
import { json, redirected, sourceOf } from "./testing/simulated.ts";

const now = Date.now();
const range: TimeRange = { to: new Date(now + 1_000).toISOString() };
const projects = [
  { slug: "web", issues: [{ events: 900 }, { events: 35 }, { events: 1 }] },
  { slug: "api", issues: [{ events: 64 }] },
] as const;
const fixed: SentryOptions = { now: () => now, eventBytes: 300, limits: false, projects };

async function estimate(
  sentry: SentrySimulator,
  options: Partial<SentrySourceOptions>,
): Promise<ReadonlyMap<string, Estimate>> {
  const { signal } = new AbortController();
  const source = sourceOf(sentry, options);
  const slices = await source.plan(range, { signal });
  const found = await source.estimate!(JSON.parse(JSON.stringify(slices)), { signal });
  expect(found.map(({ stream }) => stream)).toEqual(source.streams.map(({ name }) => name));
  return new Map(found.map((one) => [one.stream, one]));
}

test.each([
  ["events", {}, 1_000],
  ["events", { via: "project" }, 1_000],
  ["spans", {}, 2_400],
  ["logs", {}, 300],
  ["issues", {}, 4],
  ["projects", {}, 2],
  ["releases", {}, undefined],
] as const)("estimateSlices() tells about what %s take, with %o", async (stream, options, rows) => {
  await using sentry = await startSentry({ ...fixed, explore: { spans: 2_400, logs: 300 } });
  const chosen = { streams: [stream], ...options };
  const found = (await estimate(sentry, chosen)).get(stream)!;
  const { length: before } = sentry.log;
  await sourceOf(sentry, chosen).plan(range, new AbortController());
  const { length: planned } = sentry.log;
  const exported = await exportAll(sourceOf(sentry, chosen), { range });
  expect(found.rows).toBe(rows ?? exported.rows.size);
  const requests = sentry.log.length - planned - (planned - before);
  expect(found.requests).toBeGreaterThan(requests / 2);
  expect(found.requests).toBeLessThan(requests * 2 + 1);
  expect(found.ms).toBeGreaterThanOrEqual(0);
  expect(found).not.toHaveProperty("obstacle");
});

test("estimateSlices() takes the limits that the server tells into account", async () => {
  await using sentry = await startSentry({ ...fixed, limits: true });
  const [byIssue, byProject] = [
    (await estimate(sentry, {})).get("events")!,
    (await estimate(sentry, { via: "project" })).get("events")!,
  ];
  // The list of a project has 60 pages a minute, of 10 events each.
  expect(byProject.ms).toBeGreaterThanOrEqual(100_000);
  expect(byIssue.ms).toBeLessThan(byProject.ms! / 10);
});

test("estimateSlices() asks for little, also of many slices", async () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ slug: `p${n}`, issues: [{ events: 10 }] }));
  await using sentry = await startSentry({ ...fixed, projects: many, explore: { spans: 600 } });
  const { signal } = new AbortController();
  const source = sourceOf(sentry, { streams: ["events", "spans", "project-keys"] });
  const slices = await source.plan(range, { signal });
  const before = sentry.log.length;
  const [events] = await source.estimate!(slices, { signal });
  expect(events!.rows).toBe(600);
  expect(sentry.log.length - before).toBeLessThan(150);
});

test("estimateSlices() says nothing of rows that only their parents lead to", async () => {
  await using sentry = await startSentry({ ...fixed });
  const found = await estimate(sentry, { streams: ["issue-hashes", "release-files"] });
  expect(found.get("issue-hashes")).toMatchObject({ requests: 4 });
  expect(found.get("issue-hashes")).not.toHaveProperty("rows");
  expect(found.get("release-files")!.requests).toBeGreaterThan(0);
});

test("estimateSlices() names the scope that is missing, and what the server lacks", async () => {
  await using sentry = await startSentry({ ...fixed });
  const token = sentry.tokens.noEventScope;
  const found = await estimate(sentry, { streams: "all", token });
  expect(found.get("events")!.obstacle).toContain("event:read");
  expect(found.get("projects")).not.toHaveProperty("obstacle");
  await using old = await startSentry({ ...fixed, flavor: "old" });
  const all = await estimate(old, { streams: "all" });
  expect(all.get("spans")!.obstacle).toMatch(/^Cannot read spans of project/);
  expect(all.get("events")).not.toHaveProperty("obstacle");
});

test("estimateSlices() takes a scope for read that includes it, and no scopes for no obstacle", async () => {
  await using sentry = await startSentry({ ...fixed, projects: [{ slug: "web", issues: [] }] });
  for (const [scopes, obstacle] of [
    [["event:admin"], undefined],
    [["event:write"], undefined],
    [["org:read"], "the token lacks the scope event:read"],
    [undefined, undefined],
  ] as const) {
    const { fetch } = redirected(sentry, ({ pathname }) =>
      pathname === "/api/0/" ? json({ auth: scopes && { scopes } }) : undefined,
    );
    const found = await estimate(sentry, { streams: ["issue-hashes"], project: "web", fetch });
    expect(found.get("issue-hashes")?.obstacle).toBe(obstacle);
  }
});
