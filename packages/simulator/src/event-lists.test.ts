import { expect, test } from "vitest";
import { allRows, ask, pages } from "./ask.ts";
import type { SentrySimulator } from "./sentry-simulator.ts";
import { startSentry } from "./start-sentry.ts";

const small = {
  limits: false,
  projects: [{ slug: "web", issues: [{ events: 95 }, { events: 8 }] }],
};

function eventsPath(sentry: SentrySimulator, nth = 0): string {
  return `/api/0/organizations/${sentry.org}/issues/${sentry.issues[nth]!.id}/events/`;
}

test("issue events: full pages hold 10 rows, the exact bytes of the oracle", async () => {
  await using sentry = await startSentry(small);
  const decoder = new TextDecoder();
  const expected = [...sentry.events(sentry.issues[0]!.id)].map(({ json }) => decoder.decode(json));
  const served: string[] = [];
  for await (const page of pages(sentry, `${eventsPath(sentry)}?full=true&per_page=100`)) {
    served.push(page.text);
  }
  expect(served).toHaveLength(10);
  const chunks = Array.from({ length: 10 }, (_, i) => expected.slice(i * 10, i * 10 + 10));
  expect(served).toEqual(chunks.map((rows) => `[${rows.join(",")}]`));
});

test("issue events: both sides of the header are there, the last next says false", async () => {
  await using sentry = await startSentry(small);
  const path = `${eventsPath(sentry)}?full=1&cursor=0:90:0`;
  const { headers } = await ask(sentry, path);
  const base = `${sentry.url}${eventsPath(sentry)}?full=1`;
  expect(headers.get("link")).toBe(
    `<${base}&cursor=0:80:1>; rel="previous"; results="true"; cursor="0:80:1", ` +
      `<${base}&cursor=0:100:0>; rel="next"; results="false"; cursor="0:100:0"`,
  );
  expect(headers.has("x-hits")).toBe(false);
});

test("issue events: only 1 and true ask for full bodies; short rows come by 100", async () => {
  await using sentry = await startSentry(small);
  const rows = JSON.parse((await ask(sentry, `${eventsPath(sentry)}?full=yes`)).text);
  expect(rows).toHaveLength(95);
  expect(Object.keys(rows[0])).toEqual(
    expect.arrayContaining(["event.type", "eventID", "projectID", "dateCreated", "crashFile"]),
  );
  expect(rows[0]).not.toHaveProperty("entries");
});

test.each([
  ["per_page=101", 400, "Invalid per_page value. Cannot exceed 100."],
  ["per_page=ten", 400, "Invalid per_page parameter."],
  ["cursor=0:10", 400, "Invalid cursor parameter."],
  ["start=2026-01-01T00:00:00Z", 400, "start and end are both required"],
  ["cursor=0:-10:1", 500, "Internal Error"],
])("issue events: %s is a %i", async (query, status, detail) => {
  await using sentry = await startSentry(small);
  const answer = await ask(sentry, `${eventsPath(sentry)}?${query}`);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.text).detail).toBe(detail);
});

test("issue events: windows on whole seconds tile, whatever their fractions", async () => {
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [{ events: 60, spanSeconds: 30 }] }],
  });
  const events = [...sentry.events()];
  const middle = events[30]!.time;
  const [from, to] = ["2020-01-01", "2030-01-01"].map((day) => `${day}T00:00:00Z`);
  const path = eventsPath(sentry);
  const older = await allRows(sentry, `${path}?start=${from}&end=${middle.replace("Z", ".9Z")}`);
  const newer = await allRows(sentry, `${path}?start=${middle.replace("Z", ".9Z")}&end=${to}`);
  expect([...newer, ...older].map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  expect(newer.at(-1)).toMatchObject({ dateCreated: middle });
});

test("issue events: a window outside retention is a 500, one that straddles it is clipped", async () => {
  await using sentry = await startSentry({
    ...small,
    retentionDays: 30,
    projects: [{ slug: "web", issues: [{ events: 60, spanSeconds: 60 * 86_400 }] }],
  });
  const seen = [...sentry.events()].length;
  expect(seen).toBeGreaterThan(25);
  expect(seen).toBeLessThan(35);
  const path = eventsPath(sentry);
  expect(await allRows(sentry, `${path}?start=2020-01-01&end=2040-01-01`)).toHaveLength(seen);
  const outside = await ask(sentry, `${path}?start=2020-01-01&end=2020-02-01`);
  expect(outside.status).toBe(500);
  expect(JSON.parse(outside.text)).toHaveProperty("errorId");
});

test("issue events: without bounds 90 days are shown, though more are kept", async () => {
  await using sentry = await startSentry({
    flavor: "self-hosted",
    retentionDays: 365,
    projects: [{ slug: "web", issues: [{ events: 50, spanSeconds: 200 * 86_400 }] }],
  });
  const path = eventsPath(sentry);
  expect((await allRows(sentry, path)).length).toBeLessThan(30);
  expect(await allRows(sentry, `${path}?start=2020-01-01&end=2040-01-01`)).toHaveLength(50);
});

test("issue events: a bare event id is a direct hit, an unknown environment an empty list", async () => {
  await using sentry = await startSentry(small);
  const [event] = sentry.events();
  const hit = await ask(sentry, `${eventsPath(sentry)}?query=${event!.id}`);
  expect(JSON.parse(hit.text)).toHaveLength(1);
  expect(hit.headers.get("x-sentry-direct-hit")).toBe("1");
  expect(hit.headers.has("link")).toBe(false);
  const none = await ask(sentry, `${eventsPath(sentry)}?environment=prodution`);
  expect([none.status, none.text, none.headers.has("link")]).toEqual([200, "[]", false]);
});

test("issue events: search finds by tag, time of arrival, and text", async () => {
  await using sentry = await startSentry(small);
  const path = eventsPath(sentry);
  const all = [...sentry.events(sentry.issues[0]!.id)].map(({ json }) =>
    JSON.parse(new TextDecoder().decode(json)),
  );
  const inStaging = all.filter(({ tags }) =>
    tags.some(
      (tag: { key: string; value: string }) => tag.key === "environment" && tag.value === "staging",
    ),
  );
  expect(await allRows(sentry, `${path}?environment=staging`)).toHaveLength(inStaging.length);
  expect(await allRows(sentry, `${path}?query=environment:staging`)).toHaveLength(inStaging.length);
  const bound = all[40].dateReceived.slice(0, 19);
  const late = all.filter(({ dateReceived }) => dateReceived.slice(0, 19) >= bound);
  const query = encodeURIComponent(`error.received:>=${bound}Z`);
  expect(await allRows(sentry, `${path}?query=${query}`)).toHaveLength(late.length);
  const named = all.filter(({ message }) => message?.includes("10000007"));
  expect(await allRows(sentry, `${path}?query=10000007`)).toHaveLength(named.length);
});

test("issue events: an offset shifts when an event arrives late", async () => {
  await using sentry = await startSentry(small);
  const path = `${eventsPath(sentry)}?full=1`;
  const first = JSON.parse((await ask(sentry, path)).text);
  sentry.addEvents(sentry.issues[0]!.id, 1, { time: Date.parse(first[0].dateReceived) });
  const second = JSON.parse((await ask(sentry, `${path}&cursor=0:10:0`)).text);
  expect(second[0].eventID).toBe(first.at(-1).eventID);
});

test("project events: newest first over all issues, ties by id, any full is full", async () => {
  await using sentry = await startSentry({ ...small, limits: false });
  const rows = await allRows(sentry, "/api/0/projects/acme/web/events/?full=false");
  expect(rows).toHaveLength(103);
  expect(rows[0]).toHaveProperty("entries");
  const expected = [...sentry.events()].sort((a, b) =>
    a.time < b.time ? 1 : a.time > b.time ? -1 : a.id < b.id ? 1 : -1,
  );
  expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
});

test("project events: recent servers honour bounds, old ones ignore them", async () => {
  const path = "/api/0/projects/acme/web/events/?start=2020-01-01&end=2020-01-02";
  await using recent = await startSentry(small);
  expect((await ask(recent, path)).status).toBe(500);
  await using old = await startSentry({ ...small, flavor: "old" });
  expect(await allRows(old, path)).toHaveLength(103);
});

test("old: the paths without the organisation only, and 100 full rows a page", async () => {
  await using sentry = await startSentry({ ...small, flavor: "old" });
  expect((await ask(sentry, eventsPath(sentry))).status).toBe(404);
  const page = await ask(sentry, `/api/0/issues/${sentry.issues[0]!.id}/events/?full=1`);
  expect(JSON.parse(page.text)).toHaveLength(95);
});

test("event detail: keeps the fraction of dateCreated and knows its neighbours", async () => {
  await using sentry = await startSentry(small);
  const [newest, next] = sentry.events();
  const base = eventsPath(sentry);
  const latest = JSON.parse((await ask(sentry, `${base}latest/`)).text);
  expect(latest).toMatchObject({
    eventID: newest!.id,
    nextEventID: null,
    previousEventID: next!.id,
    sdkUpdates: [],
  });
  const detail = JSON.parse(
    (await ask(sentry, `/api/0/projects/acme/web/events/${next!.id}/`)).text,
  );
  expect(detail.eventID).toBe(next!.id);
  if ("dateCreated" in detail) expect(detail.dateCreated).toMatch(/\.123000Z$/);
  expect((await ask(sentry, `${base}${"0".repeat(32)}/`)).status).toBe(404);
});

test("removeEvents(), removeIssue() and mergeIssues() show at once", async () => {
  await using sentry = await startSentry(small);
  const [first, second] = sentry.issues.map(({ id }) => id) as [string, string];
  const [event] = sentry.events(first);
  expect(sentry.removeEvents(first, [event!.id, "0".repeat(32)])).toBe(1);
  expect(await allRows(sentry, eventsPath(sentry))).toHaveLength(94);
  sentry.mergeIssues(second, first);
  const rows = await allRows(sentry, eventsPath(sentry, 1));
  expect(rows).toHaveLength(102);
  expect(new Set(rows.map(({ groupID }) => groupID))).toEqual(new Set([first]));
  expect(() => sentry.mergeIssues(first, second)).toThrow("they are the same");
  sentry.removeIssue(first);
  expect((await ask(sentry, eventsPath(sentry))).status).toBe(404);
  expect(() => sentry.addEvents(first, 1)).toThrow(`Cannot find the issue "${first}"`);
});
