import { expect, test } from "vitest";
import { limitBreaks } from "./limit-breaks.ts";
import type { SentryOptions } from "./sentry-options.ts";
import { type SimulatedSentry, simulateSentry } from "./simulate-sentry.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const path = "/api/0/organizations/acme/events/";
const range = "start=2025-11-01T00:00:00Z&end=2026-01-01T00:00:00Z";
const fields = "field=id&field=timestamp&sort=-timestamp";

interface Page {
  readonly data: readonly Record<string, unknown>[];
  readonly meta: Record<string, unknown>;
}

function simulated(options: SentryOptions = {}): SimulatedSentry {
  const projects = ["web", "api"].map((slug) => ({ slug, issues: [{ events: 40 }] }));
  return simulateSentry({ limits: false, now: () => now, projects, ...options });
}

async function ask(sentry: SimulatedSentry, address: string, token = sentry.token) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await sentry.fetch(sentry.url + address, { headers });
  const body: Page & { detail?: string } = JSON.parse((await response.text()) || "{}");
  const link = response.headers.get("link") ?? "";
  const cursor = /rel="next"; results="true"; cursor="([^"]*)"/.exec(link)?.[1];
  return { status: response.status, body, cursor };
}

async function everything(sentry: SimulatedSentry, address: string): Promise<Page["data"]> {
  const rows: Record<string, unknown>[] = [];
  for (let cursor: string | undefined = "0:0:0"; cursor; ) {
    const page = await ask(sentry, `${address}&cursor=${cursor}`);
    expect(page.status).toBe(200);
    rows.push(...page.body.data);
    cursor = page.cursor;
  }
  return rows;
}

test.each(["transactions", "spans", "logs"] as const)(
  "explore() lists all %s, newest first, as many as count() says",
  async (dataset) => {
    const sentry = simulated({ explore: { [dataset]: 250 } });
    const rows = await everything(sentry, `${path}?dataset=${dataset}&${fields}&${range}`);
    expect(rows.map(({ id }) => id)).toEqual([...sentry.rows(dataset)].map(({ id }) => id));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(250);
    const times = rows.map(({ timestamp }) => Date.parse(String(timestamp)));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const seconds = Map.groupBy(times, (time) => Math.floor(time / 1_000));
    expect(Math.max(...[...seconds.values()].map((some) => some.length))).toBeGreaterThan(20);
    expect(new Set(times).size).toBeLessThan(times.length);
    expect(times.some((time) => time % 1_000 !== 0)).toBe(dataset !== "transactions");
    const count = await ask(sentry, `${path}?dataset=${dataset}&field=count()&${range}`);
    expect(count.body.data).toEqual([{ "count()": 250 }]);
  },
);

test.each(["transactions", "spans", "logs"] as const)(
  "explore() shows that there are no %s",
  async (dataset) => {
    const sentry = simulated({ explore: { [dataset]: 0 } });
    expect(await everything(sentry, `${path}?dataset=${dataset}&${fields}&${range}`)).toEqual([]);
  },
);

test("explore() tiles windows and projects", async () => {
  const sentry = simulated({ explore: { spans: 500 } });
  const count = async (query: string) => {
    const { body } = await ask(sentry, `${path}?dataset=spans&field=count()&${query}`);
    return Number(body.data[0]!["count()"]);
  };
  const middle = "2025-12-20T12:00:00Z";
  const older = await count(`start=2025-11-01T00:00:00Z&end=${middle}`);
  const newer = await count(`start=${middle}&end=2026-01-01T00:00:00Z`);
  expect(older).toBeGreaterThan(100);
  expect(older + newer).toBe(500);
  const perProject = [await count(`${range}&project=web`), await count(`${range}&project=api`)];
  expect(perProject[0]! + perProject[1]!).toBe(500);
  const ok = await count(`${range}&query=span.op:http.client`);
  expect(ok + (await count(`${range}&query=!span.op:http.client`))).toBe(500);
  const staging = await count(`${range}&environment=staging`);
  expect(staging + (await count(`${range}&environment=production`))).toBe(500);
});

test("explore() gives the fields asked for, exact numbers and nulls", async () => {
  const sentry = simulated();
  const address = `${path}?dataset=logs&field=timestamp_precise&field=nope&per_page=1&${range}`;
  const headers = { authorization: `Bearer ${sentry.token}` };
  const text = await (await sentry.fetch(sentry.url + address, { headers })).text();
  expect(text).toMatch(/^\{"data":\[\{"timestamp_precise":\d{19},"nope":null,"id":"\w{32}"/);
  expect(JSON.parse(text).meta).toMatchObject({ dataset: "logs", dataScanned: "full" });
});

test("explore() lets only logs have long pages, and no row beyond 10,000", async () => {
  const sentry = simulated({ explore: { logs: 10_100, spans: 10_100 } });
  const logs = `${path}?dataset=logs&${fields}&${range}`;
  expect((await ask(sentry, `${logs}&per_page=9999`)).body.data).toHaveLength(9_999);
  expect((await ask(sentry, `${logs}&per_page=10000`)).status).toBe(400);
  const spans = `${path}?dataset=spans&${fields}&${range}`;
  expect((await ask(sentry, `${spans}&per_page=101`)).status).toBe(400);
  expect((await ask(sentry, `${spans}&cursor=0:9900:0`)).body.data).toHaveLength(100);
  const beyond = await ask(sentry, `${spans}&cursor=0:9901:0`);
  expect([beyond.status, beyond.body.detail]).toEqual([
    400,
    "Pagination offset too large: rows beyond 10000 cannot be reached",
  ]);
});

test("explore() gives the columns of errors", async () => {
  const sentry = simulated();
  const wanted = "dataset=errors&field=id&field=title&field=issue&field=timestamp&sort=-timestamp";
  const rows = await everything(sentry, `${path}?${wanted}&${range}&project=web`);
  const { id, shortId } = sentry.issues[0]!;
  expect(rows.map((row) => row["id"])).toEqual([...sentry.events(id)].map((event) => event.id));
  expect(rows[0]).toMatchObject({ issue: shortId, "project.name": "web" });
});

test("explore() sorts by timestamp either way, and by nothing else", async () => {
  const sentry = simulated({ explore: { spans: 90 } });
  const rising = `${path}?dataset=spans&field=timestamp&sort=timestamp&${range}`;
  const ids = (await everything(sentry, rising)).map(({ id }) => id);
  expect(ids).toEqual([...sentry.rows("spans")].map(({ id }) => id).reverse());
  const spans = `${path}?dataset=spans&${range}`;
  expect((await ask(sentry, `${spans}&field=id&sort=-timestamp`)).body.detail).toBe(
    "Cannot sort by a field that is not selected.",
  );
  expect((await ask(sentry, `${spans}&field=id&sort=id`)).status).toBe(400);
});

test("explore() refuses what makes no sense", async () => {
  const sentry = simulated();
  const many = Array.from({ length: 21 }, (_, i) => `field=f${i}`).join("&");
  for (const query of [
    "",
    "dataset=nope&field=id",
    many,
    "field=p95(x)",
    "field=count()&field=id",
  ]) {
    expect((await ask(sentry, `${path}?${query}`)).status, query).toBe(400);
  }
  expect((await ask(sentry, `${path}?dataset=spans&field=id&project=nope`)).status).toBe(403);
  expect((await ask(sentry, `${path}?field=id`, sentry.tokens.noOrgScope)).status).toBe(403);
  expect((await ask(simulated({ flavor: "old" }), `${path}?field=id`)).status).toBe(404);
});

test("partialScan leaves rows out and says so, unless the highest accuracy is asked for", async () => {
  const sentry = simulated({ explore: { spans: 60 }, faults: { partialScan: true } });
  const spans = `${path}?dataset=spans&${fields}&${range}`;
  const partial = await ask(sentry, spans);
  expect(partial.body.data).toHaveLength(30);
  expect(partial.body.meta["dataScanned"]).toBe("partial");
  const full = await ask(sentry, `${spans}&sampling=HIGHEST_ACCURACY`);
  expect(full.body.data).toHaveLength(60);
  expect(full.body.meta["dataScanned"]).toBe("full");
});

test("explore() has its own limit, and its faults", async () => {
  const sentry = simulated({ limits: true });
  const spans = `${path}?dataset=spans&${fields}&${range}`;
  for (let i = 0; i < 31; i++) await ask(sentry, spans);
  expect(limitBreaks(sentry.log).get("discover")).toEqual({ total: 1, longestRun: 1 });
  const faulty = simulated({ faults: { duplicateRows: 1 } });
  const ids = (await ask(faulty, spans)).body.data.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length - 1);
});

test("shuffleTies changes the order of rows of one time, and of no others", async () => {
  const spans = `${path}?dataset=spans&${fields}&${range}&per_page=64`;
  const sentry = simulated({ explore: { spans: 64 }, faults: { shuffleTies: true } });
  const orders = [await ask(sentry, spans), await ask(sentry, spans)].map(({ body }) => body.data);
  const [first, second] = orders.map((rows) => rows.map(({ id }) => id));
  expect(second).not.toEqual(first);
  expect(second!.toSorted()).toEqual(first!.toSorted());
  const [times, again] = orders.map((rows) => rows.map(({ timestamp }) => timestamp));
  expect(again).toEqual(times);
});

test("addRows() lets rows of a dataset arrive late", async () => {
  const sentry = simulated({ explore: { logs: 100 } });
  await ask(sentry, `${path}?dataset=logs&${fields}&${range}`);
  const time = Date.parse("2025-12-25T00:00:00Z");
  sentry.addRows("logs", 3, { time, parents: { project: "api" } });
  const window = "start=2025-12-25T00:00:00Z&end=2025-12-25T00:00:01Z&project=api";
  const { body } = await ask(sentry, `${path}?dataset=logs&${fields}&${window}`);
  expect(body.data.map(({ timestamp }) => timestamp)).toEqual(
    Array.from({ length: 3 }, () => "2025-12-25T00:00:00+00:00"),
  );
  expect([...sentry.rows("logs")]).toHaveLength(103);
});

test("rows arrive between pages, new ones and late ones", async () => {
  const faults = { insertBetweenPages: 1, lateBetweenPages: 2 };
  const sentry = simulated({ explore: { spans: 150, replays: 150 }, faults });
  const spans = `${path}?dataset=spans&${fields}&${range}`;
  const rows = await everything(sentry, spans);
  const ids = rows.map(({ id }) => id);
  // The late ones shift what follows, so that the second page begins with rows of the first.
  expect(new Set(ids).size).toBeLessThan(ids.length);
  expect([...sentry.rows("spans")]).toHaveLength(156);
  await ask(sentry, `/api/0/organizations/acme/replays/?${range}`);
  expect([...sentry.rows("replays")]).toHaveLength(153);
});

test("replays() lists them newest first, and their segments", async () => {
  const sentry = simulated({ explore: { replays: 130 } });
  const address = `/api/0/organizations/acme/replays/?${range}`;
  const rows = await everything(sentry, address);
  expect(rows.map(({ id }) => id)).toEqual([...sentry.rows("replays")].map(({ id }) => id));
  const half = `/api/0/organizations/acme/replays/?start=2025-12-20T00:00:00Z&end=2026-01-01T00:00:00Z`;
  const begun = rows.map(({ started_at }) => Date.parse(String(started_at)));
  const within = begun.filter((time) => time >= Date.parse("2025-12-20T00:00:00Z"));
  expect(await everything(sentry, `${half}&project=-1`)).toHaveLength(within.length);
  const { id, parents } = [...sentry.rows("replays")][0]!;
  const segments = `/api/0/projects/acme/${parents["project"]}/replays/${id}/recording-segments/`;
  const answer = await ask(sentry, segments);
  expect(answer.body).toHaveLength(Number(rows[0]!["count_segments"]));
  expect((await ask(sentry, segments.replace(id, "0".repeat(32)))).status).toBe(404);
  const other = parents["project"] === "web" ? "api" : "web";
  expect(
    (await ask(sentry, segments.replace(`/acme/${parents["project"]}`, `/acme/${other}`))).status,
  ).toBe(404);
});
