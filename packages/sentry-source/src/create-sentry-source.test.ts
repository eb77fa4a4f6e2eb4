import { simulateSentry, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { createSentrySource } from "./create-sentry-source.ts";
import { exportAll, failureOf, untilNow } from "./testing/export-all.ts";
import { differences, json, none, oracle, redirected, sourceOf } from "./testing/simulated.ts";

const flavors = ["saas", "self-hosted", "old", "glitchtip"] as const;
const small = { limits: false, eventBytes: 300 } as const;
const twoProjects = [
  { slug: "web", issues: [{ events: 1_250 }, { events: 7 }, { events: 120 }, { events: 1 }] },
  { slug: "api", issues: [{ events: 30 }, { events: 4, status: "ignored" }] },
] as const;

test.each(flavors)("createSentrySource() exports an issue of %s byte for byte", async (flavor) => {
  const projects = [{ slug: "web", issues: [{ events: 400 }] }];
  await using sentry = await startSentry({ flavor, limits: false, projects });
  const { id } = sentry.issues[0]!;
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id] }));
  expect(differences(rows, oracle(sentry, id))).toEqual(none);
  for (const end of ends.values()) expect(end.why).toMatch(/^(complete|split)$/);
});

test.each(flavors)("createSentrySource() goes on from any cursor of %s", async (flavor) => {
  await using sentry = await startSentry({ ...small, flavor, projects: twoProjects });
  const { rows } = await exportAll(sourceOf(sentry, { project: ["web", "api"] }), {
    interrupted: true,
    readWith: sourceOf(sentry),
  });
  expect(differences(rows, oracle(sentry))).toEqual(none);
});

test.each(flavors)("createSentrySource() exports each project of %s", async (flavor) => {
  await using sentry = await startSentry({ ...small, flavor, projects: twoProjects });
  const { rows, ends } = await exportAll(sourceOf(sentry));
  expect(differences(rows, oracle(sentry))).toEqual(none);
  expect([...ends.keys()].filter((key) => key.startsWith("issues/"))).toHaveLength(2);
});

test.each(flavors)(
  "createSentrySource() exports a project of %s from its list of events",
  async (flavor) => {
    await using sentry = await startSentry({ ...small, flavor, projects: twoProjects });
    const { rows } = await exportAll(sourceOf(sentry, { project: "web", via: "project" }));
    const web = sentry.issues.filter(({ project }) => project === "web");
    const expected = new Map(web.flatMap(({ id }) => [...oracle(sentry, id)]));
    const found = differences(rows, expected);
    // GlitchTip names the keys of the two lists differently; the oracle knows those of issues.
    expect(flavor === "glitchtip" ? { ...found, changed: [] } : found).toEqual(none);
    expect(
      Math.max(
        ...sentry.log
          .filter(({ group }) => group === "project-events")
          .map(({ inFlight }) => inFlight),
      ),
    ).toBe(1);
  },
);

test.each(flavors)("createSentrySource() keeps to the range on %s", async (flavor) => {
  await using sentry = await startSentry({ ...small, flavor, projects: twoProjects });
  const range = { from: daysAgo(20), to: daysAgo(5) };
  const within = new Set(
    [...sentry.events()]
      .filter(
        ({ time }) =>
          Date.parse(range.from) <= Date.parse(time) && Date.parse(time) < Date.parse(range.to),
      )
      .map(({ id, projectId }) => `${projectId}/${id}`),
  );
  expect(within.size).toBeGreaterThan(100);
  for (const via of ["issues", "project"] as const) {
    const { rows } = await exportAll(sourceOf(sentry, { via }), { range });
    expect(new Set(rows.keys())).toEqual(within);
  }
});

test("createSentrySource() takes short ids, and an issue once however it is named", async () => {
  for (const flavor of flavors) {
    await using sentry = await startSentry({ ...small, flavor, projects: twoProjects });
    const { id, shortId } = sentry.issues[1]!;
    const { rows, ends } = await exportAll(
      sourceOf(sentry, { issues: [shortId, id, shortId.toLowerCase()] }),
    );
    expect(differences(rows, oracle(sentry, id))).toEqual(none);
    expect([...ends.keys()]).toEqual([`issue/${id}`]);
  }
});

test("createSentrySource() reads the issue that another was merged into, once", async () => {
  await using sentry = await startSentry({ ...small, projects: twoProjects });
  const [, merged, survivor] = sentry.issues;
  sentry.mergeIssues(merged!.id, survivor!.id);
  const { rows } = await exportAll(sourceOf(sentry, { issues: [merged!.id, survivor!.id] }));
  expect(differences(rows, oracle(sentry, survivor!.id))).toEqual(none);
  expect(rows.size).toBe(127);
});

test("createSentrySource() plans on when the issue that it looks at is deleted just then", async () => {
  await using sentry = await startSentry({ ...small, projects: twoProjects });
  let left = true;
  const { fetch } = redirected(sentry, ({ pathname }) => {
    const [, id] = /\/issues\/(\d+)\/$/.exec(pathname) ?? [];
    if (left && id !== undefined) sentry.removeIssue(id);
    left &&= id === undefined;
    return undefined;
  });
  const { rows } = await exportAll(sourceOf(sentry, { fetch }));
  expect(left).toBe(false);
  expect(differences(rows, oracle(sentry))).toEqual(none);
});

test("createSentrySource() fails once, however much of its plan does", async () => {
  const sentry = simulateSentry({ ...small, projects: twoProjects });
  const source = sourceOf(sentry, {
    streams: ["events", "issues"],
    via: "project",
    async fetch(input, init) {
      if (!/\/(issues|events)\//.test(String(input))) return await sentry.fetch(input, init);
      throw new TypeError("the network is gone");
    },
  });
  // A failure that nobody looks at would fail the test run.
  expect(await failureOf(exportAll(source))).toMatchObject({ code: "SOURCE_UNAVAILABLE" });
});

test("createSentrySource() sends nothing before it is used", async () => {
  await using sentry = await startSentry(small);
  const source = sourceOf(sentry, { issues: ["1"] });
  source.read(
    { key: "x", stream: "events", lane: "issue-events", dedupe: "slice", args: slice(sentry.url) },
    { signal: new AbortController().signal },
  );
  expect(sentry.log).toEqual([]);
});

test("createSentrySource() asks for everything explicitly", async () => {
  await using sentry = await startSentry({ ...small, projects: twoProjects });
  await exportAll(sourceOf(sentry, { project: "web" }));
  const events = sentry.log.filter(({ group }) => group === "issue-events");
  const lists = sentry.log.filter(({ group }) => group === "issues");
  for (const { path } of [...events, ...lists]) {
    const query = new URL(path, sentry.url).searchParams;
    expect(query.get("query")).toBe("");
    expect(query.get("start")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(query.get("end")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(query.get("per_page")).toBe(query.get("limit"));
  }
  expect(events.length).toBeGreaterThan(100);
  for (const { path } of events) expect(path).toContain("full=true");
  for (const { path } of lists) expect(path).toContain("sort=new");
});

test("createSentrySource() filters by environment and query", async () => {
  await using sentry = await startSentry({ ...small, projects: twoProjects });
  const all = await exportAll(sourceOf(sentry, { project: "web" }));
  const filtered = await exportAll(
    sourceOf(sentry, { project: "web", environment: ["production"], query: "level:error" }),
  );
  expect(filtered.rows.size).toBeLessThan(all.rows.size);
  for (const [id, text] of filtered.rows) expect(all.rows.get(id)).toBe(text);
  for (const { path, group } of sentry.log.slice(-20)) {
    if (group === "issue-events") expect(path).toContain("environment=production");
  }
});

test("createSentrySource() refuses filters that a server ignores", async () => {
  await using glitchtip = await startSentry({ ...small, flavor: "glitchtip" });
  await using sentry = await startSentry(small);
  const error = { code: "SENTRY_FILTER_UNSUPPORTED", kind: "usage" };
  const query = "level:error";
  expect(await failureOf(exportAll(sourceOf(glitchtip, { query })))).toMatchObject(error);
  expect(await failureOf(exportAll(sourceOf(sentry, { query, via: "project" })))).toMatchObject(
    error,
  );
});

test("createSentrySource() refuses an environment that does not exist", async () => {
  await using sentry = await startSentry({ ...small, projects: twoProjects });
  const { fetch } = redirected(sentry, ({ pathname }) =>
    pathname.endsWith("/environments/") ? json([{ id: "1", name: "production" }]) : undefined,
  );
  expect(
    await failureOf(exportAll(sourceOf(sentry, { fetch, environment: ["prod"] }))),
  ).toMatchObject({
    code: "SENTRY_NOT_FOUND",
    hint: "Check its name. There are production.",
  });
  const { rows } = await exportAll(sourceOf(sentry, { fetch, environment: ["production"] }));
  expect(rows.size).toBeGreaterThan(0);
});

test("createSentrySource() names the server and the organisation, and streams with columns", () => {
  const source = createSentrySource({ token: "abc", org: "acme" });
  expect(source.identity).toBe("https://sentry.io acme");
  expect(source.streams.map(({ name }) => name)).toEqual(["events"]);
  const names = source.streams[0]!.columns.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("createSentrySource() ends with the reason of its signal", async () => {
  await using sentry = await startSentry({ ...small, faults: { slow: { rate: 1, ms: 60_000 } } });
  const stop = new AbortController();
  const planning = sourceOf(sentry).plan(untilNow(), { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(planning).rejects.toThrow("enough");
});

function daysAgo(days: number): string {
  return new Date(Math.floor(Date.now() / 1_000 - days * 86_400) * 1_000).toISOString();
}

function slice(origin: string) {
  return {
    kind: "events",
    server: { origin, kind: "sentry", orgIssues: true, count: false },
    window: { start: daysAgo(2), end: daysAgo(1) },
    filter: { query: "", environment: [] },
  };
}
