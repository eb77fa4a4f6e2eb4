import { type Faults, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { type Dataset, datasets } from "./dataset-streams.ts";
import { exportAll, failureOf } from "./testing/export-all.ts";
import { json, redirected, sourceOf } from "./testing/simulated.ts";

const projects = [
  { slug: "web", issues: [{ events: 3 }] },
  { slug: "api", issues: [{ events: 3 }] },
];
const small = { limits: false, eventBytes: 300, projects } as const;
const names = Object.keys(datasets) as Dataset[];
const now = Date.now();
const fixed = { ...small, now: () => now };
const range = { to: new Date(now + 1_000).toISOString() };

/** The texts of all pages of a list, newest first, asked for in the plainest way. */
async function pagesOf(sentry: SentrySimulator, dataset: Dataset): Promise<string[]> {
  const { path, params = {} } = datasets[dataset];
  const url = new URL(`${sentry.url}/api/0/${path.replace("{org}", sentry.org)}`);
  const window = { start: "2020-01-01T00:00:00Z", end: range.to };
  for (const [name, value] of Object.entries({ ...params, ...window, project: "-1" })) {
    for (const one of [value ?? []].flat()) url.searchParams.append(name, one);
  }
  const texts: string[] = [];
  for (let cursor: string | undefined = "0:0:0"; cursor; ) {
    url.searchParams.set("cursor", cursor);
    const headers = { authorization: `Bearer ${sentry.token}` };
    const response: Response = await fetch(url, { headers });
    texts.push(await response.text());
    const link = response.headers.get("link") ?? "";
    cursor = /rel="next"; results="true"; cursor="([^"]+)"/.exec(link)?.[1];
  }
  return texts;
}

/** Whether a row is on one of the pages as it is. */
function isOn(texts: readonly string[]): (row: string) => boolean {
  const all = texts.join("\n");
  return (row) => all.includes(row);
}

const faults: Record<string, Faults> = {
  "no faults": {},
  "all that fails": {
    ...{ serverError: 0.1, badGateway: 0.1, cutBody: 0.1, truncatedJson: 0.1, reset: 0.1 },
    ...{ tooMany: 0.1, tooManyConcurrent: 0.1, snubaThrottle: 0.1, queryTimeout400: 0.1 },
  },
  "rows twice, and short pages": { duplicateRows: 0.3, shortPages: 0.3 },
};

test.each(names.flatMap((name) => Object.keys(faults).map((fault) => [name, fault] as const)))(
  "readEvents() gets all %s byte for byte from a server with %s",
  async (name, fault) => {
    const explore = { [name]: name === "replays" ? 400 : 1_300 };
    const calm = await startSentry({ ...fixed, explore });
    const texts = await pagesOf(calm, name);
    await calm.close();
    await using sentry = await startSentry({ ...fixed, explore, faults: faults[fault]! });
    const { rows, ends } = await exportAll(sourceOf(sentry, { streams: [name] }), { range });
    expect(rows.size).toBe(explore[name]);
    expect([...rows.values()].every(isOn(texts))).toBe(true);
    for (const end of ends.values()) expect(end.why).toMatch(/^(complete|split)$/);
  },
);

test.each(names)(
  "readEvents() calls no %s complete that come in any order, unless all are there",
  async (name) => {
    const faults = { shuffleTies: true, shortPages: 0.3, duplicateRows: 0.2 };
    await using sentry = await startSentry({ ...fixed, explore: { [name]: 600 }, faults });
    const { rows, ends } = await exportAll(sourceOf(sentry, { streams: [name] }), { range });
    const whole = [...ends.values()].every(({ why }) => why === "complete" || why === "split");
    expect(rows.size === 600 || !whole).toBe(true);
  },
);

test("readEvents() goes on from any cursor of a dataset", async () => {
  const explore = { spans: 800, replays: 200 };
  await using sentry = await startSentry({ ...fixed, explore });
  const source = sourceOf(sentry, { streams: ["spans", "replays"] });
  const { rows } = await exportAll(source, { range, interrupted: true });
  expect(rows.size).toBe(1_000);
});

test("readEvents() keeps datasets to the range, the search and the environments", async () => {
  await using sentry = await startSentry({ ...fixed, explore: { spans: 900, replays: 900 } });
  const { rows: all } = await exportAll(sourceOf(sentry, { streams: ["spans", "replays"] }), {
    range,
  });
  const [from, to] = [20, 5].map((days) => new Date(now - days * 86_400_000).toISOString());
  const part = { from: from!, to: to! };
  const { rows } = await exportAll(sourceOf(sentry, { streams: ["spans", "replays"] }), {
    range: part,
  });
  const within = [...all].filter(([, text]) => {
    const time = Date.parse(/"(?:timestamp|started_at)":"([^"]+)"/.exec(text)![1]!);
    return (
      Math.floor(Date.parse(from!) / 1_000) * 1_000 <= time &&
      time < Math.floor(Date.parse(to!) / 1_000) * 1_000
    );
  });
  expect(within.length).toBeGreaterThan(100);
  expect([...rows.keys()].sort()).toEqual(within.map(([id]) => id).sort());
  const later = { to: to!, after: from! };
  const again = await exportAll(sourceOf(sentry, { streams: ["spans", "replays"] }), {
    range: later,
  });
  expect([...again.rows.keys()].sort()).toEqual([...rows.keys()].sort());
  const filtered = sourceOf(sentry, {
    streams: ["spans"],
    query: "span.op:serialize",
    environment: ["production"],
  });
  const found = await exportAll(filtered, { range });
  const wanted = [...all.values()].filter(
    (text) => text.includes('"span.op":"serialize"') && text.includes('"environment":"production"'),
  );
  expect(wanted.length).toBeGreaterThan(10);
  expect([...found.rows.values()].sort()).toEqual(wanted.sort());
});

test("readEvents() cuts a dense dataset by count, and asks for no deep offset", async () => {
  await using sentry = await startSentry({ ...fixed, explore: { spans: 3_000 } });
  const { rows, ends } = await exportAll(sourceOf(sentry, { streams: ["spans"] }), { range });
  expect(rows.size).toBe(3_000);
  const parts = [...ends.values()].filter(({ why }) => why === "complete");
  expect(parts.reduce((sum, { expected = 0 }) => sum + expected, 0)).toBe(3_000);
  const offsets = sentry.log.map(({ path }) => Number(/cursor=0%3A(\d+)/.exec(path)?.[1] ?? 0));
  expect(Math.max(...offsets)).toBeLessThan(1_000);
});

test.each([
  [5, 1],
  [-1, 0],
])("readEvents() reads a dataset again whose count is off by %d", async (countOff, holes) => {
  await using sentry = await startSentry({
    ...fixed,
    explore: { spans: 300 },
    faults: { countOff },
  });
  const { ends } = await exportAll(sourceOf(sentry, { streams: ["spans"], project: "web" }), {
    range,
  });
  expect([...ends.values()].filter(({ why }) => why === "hole")).toHaveLength(holes);
});

test("readEvents() says of a dataset when the server looked at a sample only", async () => {
  const faults = { partialScan: true };
  await using sentry = await startSentry({ ...fixed, explore: { logs: 50 }, faults });
  const whole = await exportAll(sourceOf(sentry, { streams: ["logs"] }), { range });
  expect(whole.rows.size).toBe(50);
  const plain = redirected(sentry);
  const fetch: typeof globalThis.fetch = (input, init) =>
    plain.fetch(String(input).replace("sampling=HIGHEST_ACCURACY", ""), init);
  const { ends } = await exportAll(sourceOf(sentry, { streams: ["logs"], fetch }), { range });
  const sampled = {
    ...{ why: "hole", shifted: false },
    detail: "the server looked at a sample of its rows only",
  };
  expect([...ends.values()]).toEqual([sampled, sampled]);
});

test("readEvents() takes the count of a sample for none", async () => {
  await using sentry = await startSentry({ ...fixed, explore: { spans: 500 } });
  const { fetch } = redirected(sentry, ({ searchParams }) =>
    searchParams.get("field") === "count()"
      ? json({ data: [{ "count()": 9_000 }], meta: { dataScanned: "partial" } })
      : undefined,
  );
  const { rows, ends } = await exportAll(sourceOf(sentry, { streams: ["spans"], fetch }), {
    range,
  });
  expect(rows.size).toBe(500);
  for (const end of ends.values()) expect(end).not.toHaveProperty("expected");
});

test.each([
  [400, "Invalid date range. Please try a more recent date range.", "complete"],
  [500, "Internal error.", "hole"],
] as const)(
  "readEvents() takes a part that fails with %d for older than what is kept",
  async (status, detail, why) => {
    await using sentry = await startSentry({ ...fixed, explore: { replays: 500 } });
    const { fetch } = redirected(sentry, ({ pathname, searchParams }) => {
      const old = Date.parse(searchParams.get("end") ?? "") < now - 90 * 86_400_000;
      return pathname.endsWith("/replays/") && old ? json({ detail }, { status }) : undefined;
    });
    const source = sourceOf(sentry, { streams: ["replays"], fetch });
    const { rows, ends } = await exportAll(source, { range });
    expect(rows.size).toBe(500);
    const found = [...ends.values()].filter((end) => end.detail !== undefined);
    expect(found.length).toBeGreaterThan(0);
    for (const end of found) expect(end.why).toBe(why);
  },
);

test.each([10_500, 10_000])("readEvents() names what a second of %d rows hides", async (total) => {
  await using sentry = await startSentry({ ...fixed, explore: { logs: 0 } });
  const second = Math.floor(now / 1_000) - 3_600;
  const timestamp = new Date(second * 1_000).toISOString();
  const { fetch } = redirected(sentry, ({ pathname, searchParams }) => {
    if (!pathname.endsWith("/acme/events/")) return undefined;
    const { start, end, field, per_page, cursor = "0:0:0" } = Object.fromEntries(searchParams);
    const inside = Date.parse(start!) <= second * 1_000 && second * 1_000 < Date.parse(end!);
    const rows = inside ? total : 0;
    if (field === "count()") return json({ data: [{ "count()": rows }], meta: {} });
    const offset = Number(cursor.split(":")[1]);
    const limit = Number(per_page);
    if (offset + limit > 10_000)
      return json({ detail: "Pagination offset too large" }, { status: 400 });
    const length = Math.max(0, Math.min(limit, rows - offset));
    const data = Array.from({ length }, (_, n) => ({
      id: `${offset + n}`,
      "project.id": 1,
      timestamp,
    }));
    const more = offset + limit < rows;
    const link = `<https://x/>; rel="next"; results="${more}"; cursor="0:${offset + limit}:0"`;
    return json({ data, meta: {} }, { headers: { link } });
  });
  const { rows, ends } = await exportAll(
    sourceOf(sentry, { streams: ["logs"], project: "web", fetch }),
    { range },
  );
  expect(rows.size).toBe(10_000);
  const holes = [...ends.values()].filter(({ why }) => why === "hole");
  const detail = `the server shows no more than 10000 logs of the second from ${timestamp.slice(0, 19)}Z`;
  expect(holes).toEqual(
    total > 10_000 ? [{ why: "hole", expected: total, lost: 500, detail }] : [],
  );
});

test("readEvents() tells why a dataset cannot be read, if it was asked for by name", async () => {
  for (const flavor of ["old", "glitchtip"] as const) {
    await using sentry = await startSentry({ ...fixed, flavor });
    expect(
      await failureOf(exportAll(sourceOf(sentry, { streams: ["logs"] }), { range })),
    ).toMatchObject({
      code: "SENTRY_NOT_FOUND",
      hint: expect.stringContaining("version without them"),
    });
    const { ends } = await exportAll(sourceOf(sentry, { streams: "all" }), { range });
    const tables = [...ends].filter(([key]) => names.some((name) => key.startsWith(`${name}/`)));
    expect(new Set(tables.map(([, { why }]) => why))).toEqual(new Set(["absent"]));
  }
  await using sentry = await startSentry({ ...fixed });
  const { fetch } = redirected(sentry, refuse);
  const named = sourceOf(sentry, { streams: ["spans"], fetch });
  expect(await failureOf(exportAll(named, { range }))).toMatchObject({
    code: "SENTRY_FORBIDDEN",
    message: expect.stringContaining("org:read"),
  });
  const { ends } = await exportAll(sourceOf(sentry, { streams: "all", fetch }), { range });
  const spans = [...ends].filter(([key]) => key.startsWith("spans/"));
  expect(spans.map(([, { why }]) => why)).toEqual(["denied", "denied"]);
});

function refuse({ pathname }: URL): Response | undefined {
  if (!pathname.endsWith("/acme/events/")) return undefined;
  return json({ detail: "You do not have permission to perform this action." }, { status: 403 });
}

test("readEvents() finds the segments of replays, also where nobody wants the replays themselves", async () => {
  await using sentry = await startSentry({ ...fixed, explore: { replays: 30 } });
  const segments = new Map([...sentry.rows("replay-segments")].map(({ json }) => [json, 1]));
  expect(segments.size).toBeGreaterThan(30);
  for (const replays of [0, 30]) {
    const streams = [...(replays > 0 ? ["replays"] : []), "replay-segments"];
    const { rows, ends } = await exportAll(sourceOf(sentry, { streams }), { range });
    for (const end of ends.values()) expect(end.why).toMatch(/^(complete|split)$/);
    expect(rows.size).toBe(segments.size + replays);
  }
});

test("readEvents() tells each event that lost its body", async () => {
  const issues = [{ events: 40, hollow: 9 }];
  await using sentry = await startSentry({ ...fixed, projects: [{ slug: "web", issues }] });
  const { signal } = new AbortController();
  const source = sourceOf(sentry, { issues: [sentry.issues[0]!.id] });
  const found: string[] = [];
  const slices = [...(await source.plan(range, { signal }))];
  for (let slice = slices.shift(); slice; slice = slices.shift()) {
    for await (const { rows, spawn = [] } of source.read(slice, { signal })) {
      found.push(...rows.filter(({ hollow }) => hollow).map(({ id }) => id.split("/")[1]!));
      slices.push(...spawn);
    }
  }
  const hollow = [...sentry.events()].filter((event) => event.hollow).map(({ id }) => id);
  expect(hollow).toHaveLength(9);
  expect(new Set(found)).toEqual(new Set(hollow));
});
