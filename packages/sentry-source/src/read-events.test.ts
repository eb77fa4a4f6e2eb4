import type { End, Slice } from "@decant/core";
import { type Faults, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { exportAll, failureOf, untilNow } from "./testing/export-all.ts";
import { differences, json, none, oracle, redirected, sourceOf } from "./testing/simulated.ts";

const { signal } = new AbortController();
const projects = [{ slug: "web", issues: [{ events: 230 }] }];
const small = { limits: false, eventBytes: 300, projects } as const;

const faults: Record<string, Faults> = {
  "failing servers": { serverError: 0.2, badGateway: 0.2 },
  "bodies that are cut": { cutBody: 0.2, truncatedJson: 0.2 },
  "dropped connections": { reset: 0.3 },
  "both kinds of limits": { tooMany: 0.2, tooManyConcurrent: 0.2 },
  "a busy event store": { snubaThrottle: 0.2, queryTimeout400: 0.2, retryAfterDate: true },
  "rows that come twice": { duplicateRows: 0.3 },
  "short pages": { shortPages: 0.4 },
  "another host in its links": { crossOriginLink: "https://elsewhere.example" },
  "events that arrive at the head": { insertBetweenPages: 3 },
  "events of a second in any order": { shuffleTies: true },
};

test.each(Object.entries(faults))(
  "readEvents() gets all rows from a server with %s",
  async (_, fault) => {
    for (const flavor of ["saas", "old", "glitchtip"] as const) {
      await using sentry = await startSentry({ ...small, flavor, faults: fault });
      const before = oracle(sentry);
      const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web" }));
      const { missing, changed } = differences(rows, before);
      expect({ missing, changed }).toEqual({ missing: [], changed: [] });
      for (const end of ends.values()) expect(end.why).toMatch(/^(complete|split)$/);
    }
  },
);

test.each([
  ["an old server", { flavor: "old" }, {}],
  ["a search", { flavor: "saas" }, { query: "timestamp:>=2000-01-01" }],
  ["a count", { flavor: "saas" }, {}],
] as const)(
  "readEvents() gets all rows that share a second in any order, with %s",
  async (_, server, options) => {
    const issues = [{ events: 60, spanSeconds: 30, tieSeconds: 3 }];
    for (let seed = 1; seed <= 5; seed++) {
      await using sentry = await startSentry({
        ...{ ...small, ...server, seed, clamp: 10, projects: [{ slug: "web", issues }] },
        faults: { shuffleTies: true },
      });
      const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web", ...options }));
      const complete = [...ends.values()].every(({ why }) => why === "complete" || why === "split");
      const { missing } = differences(rows, oracle(sentry));
      expect(missing.length === 0 || !complete).toBe(true);
    }
  },
);

test("readEvents() calls no dense second complete whose events come in any order, unless all are there", async () => {
  const issues = [{ events: 60, spanSeconds: 3, tieSeconds: 3 }];
  for (const interrupted of [false, true]) {
    for (let seed = 1; seed <= 5; seed++) {
      await using sentry = await startSentry({
        ...{ ...small, flavor: "old", seed, clamp: 10, projects: [{ slug: "web", issues }] },
        faults: { shuffleTies: true },
      });
      const source = sourceOf(sentry, { project: "web" });
      const { rows, ends } = await exportAll(source, { interrupted });
      const complete = [...ends.values()].every(({ why }) => why === "complete");
      expect(complete && differences(rows, oracle(sentry)).missing.length > 0).toBe(false);
    }
  }
});

test("readEvents() reads each second whole, so that one pass without a count is enough", async () => {
  await using sentry = await startSentry({ ...small, flavor: "old" });
  const { id } = sentry.issues[0]!;
  const { fetch, urls } = redirected(sentry, ({ pathname, search }) => {
    if (!pathname.endsWith("/events/") || !search.includes("full=")) return undefined;
    const [newest] = sentry.events(id);
    sentry.removeEvents(id, [newest!.id]);
    return undefined;
  });
  const before = oracle(sentry);
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id], fetch }));
  const listed = urls.filter(({ pathname }) => pathname.endsWith("/events/"));
  expect(listed.every(({ searchParams }) => !searchParams.has("cursor"))).toBe(true);
  const unread = listed.length;
  expect(before.size - rows.size).toBeLessThanOrEqual(unread);
  expect(differences(rows, oracle(sentry)).missing).toEqual([]);
  expect([...ends.values()]).toEqual([{ why: "complete", shifted: false }]);
});

test("readEvents() loses none behind a row that is shown twice, nor behind one that arrives late", async () => {
  await using sentry = await startSentry({ ...small, clamp: 10 });
  const { id } = sentry.issues[0]!;
  const all = [...sentry.events(id)];
  let pages = 0;
  const { fetch } = redirected(sentry, ({ pathname, search }) => {
    if (!pathname.endsWith("/events/") || !search.includes("full=") || ++pages !== 4) return;
    sentry.removeEvents(id, [all[0]!.id]);
    sentry.addEvents(id, 1, { time: Date.parse(all[200]!.time) });
    return undefined;
  });
  const { rows } = await exportAll(sourceOf(sentry, { issues: [id], fetch }));
  expect(differences(rows, oracle(sentry)).missing).toEqual([]);
});

test("readEvents() finds what arrives late while it reads", async () => {
  await using sentry = await startSentry({ ...small, faults: { lateBetweenPages: 1 } });
  const before = oracle(sentry);
  const { rows } = await exportAll(sourceOf(sentry, { project: "web" }));
  expect(differences(rows, before).missing).toEqual([]);
});

test("readEvents() misses nothing without a word when rows go away while it reads", async () => {
  for (const flavor of ["saas", "old"] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const { id } = sentry.issues[0]!;
    let left = 5;
    const { fetch } = redirected(sentry, ({ pathname, search }) => {
      if (!pathname.endsWith("/events/") || !search.includes("full=") || left === 0)
        return undefined;
      const [newest] = sentry.events(id);
      left -= sentry.removeEvents(id, [newest!.id]);
      return undefined;
    });
    const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }));
    const { missing } = differences(rows, oracle(sentry));
    const told = [...ends.values()].some(({ why }) => why === "hole");
    expect(left).toBeLessThan(5);
    expect(missing.length === 0 || told).toBe(true);
  }
});

test.each([["repeatCursor"], ["ignoreCursor"], ["endlessPage"]] as const)(
  "readEvents() stops at a server with %s",
  async (fault) => {
    for (const [flavor, via] of [
      ["old", "project"],
      ["glitchtip", "issues"],
    ] as const) {
      const faults = { [fault]: true };
      await using sentry = await startSentry({ ...small, flavor, faults });
      const reading = exportAll(sourceOf(sentry, { project: "web", via }));
      expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_LOOP", retryable: false });
    }
  },
);

test("readEvents() does not take a list for a loop that moves by a page at a time for a while", async () => {
  await using sentry = await startSentry({ ...small, flavor: "old", clamp: 10 });
  const { id } = sentry.issues[0]!;
  const before = oracle(sentry);
  let left = 8;
  const { fetch } = redirected(sentry, ({ search }) => {
    if (search.includes("cursor=") && left-- > 0) sentry.addEvents(id, 10, { time: Date.now() });
    return undefined;
  });
  const source = sourceOf(sentry, { project: "web", via: "project", fetch });
  expect(differences((await exportAll(source)).rows, before).missing).toEqual([]);
  expect(left).toBeLessThan(0);
});

test("readEvents() stops where GlitchTip's cursor stands still", async () => {
  await using sentry = await startSentry({ ...small, flavor: "glitchtip" });
  const received = Date.now() - 3_600_000;
  sentry.addEvents(sentry.issues[0]!.id, 600, { time: received, received });
  const reading = exportAll(sourceOf(sentry, { project: "web" }));
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_LOOP" });
});

test("readEvents() cuts a large issue in parts by count, the newest first", async () => {
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [{ events: 4_000 }] }],
  });
  const { id } = sentry.issues[0]!;
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id] }));
  expect(differences(rows, oracle(sentry))).toEqual(none);
  const parts = [...ends.values()].filter(({ why }) => why === "complete");
  expect(sum(parts)).toBe(4_000);
  for (const { expected } of parts) expect(expected).toBeLessThanOrEqual(1_000);
  const offsets = sentry.log.map(({ path }) => Number(/cursor=0%3A(\d+)/.exec(path)?.[1] ?? 0));
  expect(Math.max(...offsets)).toBeLessThan(1_000);
  const [newest, older] = await split(sentry.url, { sentry, id });
  expect(newest!.key > older!.key).toBe(true);
});

test("readEvents() counts the older part by itself, since rows may have gone since the whole was counted", async () => {
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [{ events: 1_500 }] }],
  });
  const { id } = sentry.issues[0]!;
  const all = [...sentry.events(id)];
  let counts = 0;
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (pathname.endsWith("/acme/events/") && ++counts === 2) {
      const oldest = all.slice(-5).map((event) => event.id);
      sentry.removeEvents(id, oldest);
    }
    return undefined;
  });
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id], fetch }));
  expect(rows.size).toBe(1_495);
  for (const { why } of ends.values()) expect(why).toMatch(/^(complete|split)$/);
});

test("readEvents() gives a second with too many events a slice of its own", async () => {
  const dense = { events: 1_300, spanSeconds: 1, tieSeconds: 60 };
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [dense] }],
  });
  const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web" }));
  expect(differences(rows, oracle(sentry))).toEqual(none);
  const parts = [...ends.values()].filter(({ expected }) => expected !== undefined);
  expect(parts.map(({ expected }) => expected).sort()).toEqual([0, 0, 1_300]);
});

test("readEvents() distrusts a count that the rows exceed", async () => {
  for (const countOff of [-1, -100, -100_000]) {
    await using sentry = await startSentry({ ...small, faults: { countOff } });
    const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web" }));
    expect(differences(rows, oracle(sentry))).toEqual(none);
    const parts = [...ends].filter(([key, { why }]) => /^issue\//.test(key) && why === "complete");
    expect(parts.map(([, end]) => end)).toEqual([{ why: "complete", shifted: false }]);
  }
});

test("readEvents() takes a count for proof that leaves out or includes rows shown twice", async () => {
  const now = Date.now();
  const range = { to: new Date(now).toISOString() };
  async function read(countOff: number) {
    const fault = { duplicateRows: 0.5, countOff };
    await using sentry = await startSentry({ ...small, now: () => now, faults: fault });
    const source = sourceOf(sentry, { issues: [sentry.issues[0]!.id] });
    const [slice] = await source.plan(range, { signal });
    let listed = 0;
    for await (const { rows, next } of source.read(slice!, { signal })) {
      listed += rows.length;
      if ("end" in next) return { twice: listed - 230, end: next.end };
    }
    throw new Error("no end");
  }
  const { twice, end } = await read(0);
  expect(twice).toBeGreaterThan(0);
  expect(end).toMatchObject({ expected: 230, twice });
  expect((await read(twice)).end).toMatchObject({ expected: 230 + twice, twice });
  expect((await read(twice + 1)).end).toMatchObject({ expected: 231 + twice, twice });
});

test("readEvents() reports the count that the rows do not reach", async () => {
  await using sentry = await startSentry({ ...small, faults: { countOff: 5 } });
  const { ends } = await exportAll(sourceOf(sentry, { project: "web" }));
  expect([...ends.values()].filter(({ why }) => why === "hole")).toHaveLength(1);
});

test("readEvents() leaves out the one event that a server cannot show", async () => {
  const calm = await startSentry(small);
  const all = [...calm.events()];
  await calm.close();
  for (const index of [0, 7, 123, 229]) {
    const failEvent = [all[index]!.id];
    await using sentry = await startSentry({ ...small, faults: { failEvent } });
    for (const interrupted of [false, true]) {
      const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web" }), { interrupted });
      const { missing } = differences(rows, oracle(sentry));
      expect(missing).toEqual([`${all[index]!.projectId}/${all[index]!.id}`]);
      const holes = [...ends.values()].filter(({ why }) => why === "hole");
      expect(holes).toEqual([
        {
          why: "hole",
          expected: 230,
          lost: 1,
          shifted: true,
          detail: "the server fails to show 1 event",
        },
      ]);
    }
  }
});

test("readEvents() leaves out an event that cannot be shown on a list that ignores the window", async () => {
  const calm = await startSentry({ ...small, flavor: "old" });
  const all = [...calm.events()];
  await calm.close();
  const faults = { failEvent: [all[123]!.id] };
  await using sentry = await startSentry({ ...small, flavor: "old", faults });
  const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web", via: "project" }));
  expect(differences(rows, oracle(sentry)).missing).toHaveLength(1);
  expect([...ends.values()]).toMatchObject([{ why: "hole", lost: 1 }]);
});

test("readEvents() gives up where the event that cannot be shown moves on as fast as it reads", async () => {
  const calm = await startSentry({ ...small, flavor: "old" });
  const all = [...calm.events()];
  await calm.close();
  const faults = { failEvent: [all[123]!.id], insertBetweenPages: 1 };
  await using sentry = await startSentry({ ...small, flavor: "old", faults });
  const reading = exportAll(sourceOf(sentry, { project: "web", via: "project" }));
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_SERVER_ERROR", retryable: true });
});

test("readEvents() finds the event that fails a page, whatever the last try met", async () => {
  const calm = await startSentry(small);
  const all = [...calm.events()];
  await calm.close();
  const faults = { failEvent: [all[55]!.id] };
  await using sentry = await startSentry({ ...small, faults });
  const plain = redirected(sentry);
  let single = 0;
  async function troubled(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const response = await plain.fetch(input, init);
    const { searchParams } = new URL(input instanceof Request ? input.url : input);
    if (response.status === 500) return json({}, { status: 502 });
    if (searchParams.get("per_page") === "1" && ++single < 5) return json({}, { status: 429 });
    return response;
  }
  const failing = exportAll(sourceOf(sentry, { project: "web", fetch: troubled }));
  // A row that fails with nothing but 502 is no row that cannot be shown.
  expect(await failureOf(failing)).toMatchObject({ code: "SOURCE_UNAVAILABLE" });

  single = 0;
  async function mixed(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const { searchParams } = new URL(input instanceof Request ? input.url : input);
    const isSingle = searchParams.get("per_page") === "1";
    return isSingle && single >= 4 ? plain.fetch(input, init) : troubled(input, init);
  }
  const { rows, ends } = await exportAll(sourceOf(sentry, { project: "web", fetch: mixed }));
  expect(differences(rows, oracle(sentry)).missing).toHaveLength(1);
  expect([...ends.values()].filter(({ lost }) => lost === 1)).toHaveLength(1);
});

test("readEvents() does not walk through a server that is down row by row", async () => {
  await using sentry = await startSentry(small);
  const { fetch, urls } = redirected(sentry, ({ pathname }) =>
    /issues\/\d+\/events\/$/.test(pathname) ? json({}, { status: 502 }) : undefined,
  );
  const reading = exportAll(sourceOf(sentry, { issues: [sentry.issues[0]!.id], fetch }));
  expect(await failureOf(reading)).toMatchObject({ code: "SOURCE_UNAVAILABLE", retryable: true });
  expect(urls.length).toBeLessThan(30);
});

test("readEvents() reads again when rows go away besides one that cannot be shown", async () => {
  const calm = await startSentry({ ...small, clamp: 10 });
  const all = [...calm.events()];
  await calm.close();
  const faults = { failEvent: [all[135]!.id] };
  await using sentry = await startSentry({ ...small, clamp: 10, faults });
  const { id } = sentry.issues[0]!;
  const { fetch } = redirected(sentry, ({ searchParams }) => {
    if (searchParams.get("per_page") === "1") {
      const read = all.slice(0, 5).map((event) => event.id);
      sentry.removeEvents(id, read);
    }
    return undefined;
  });
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id], fetch }));
  expect(differences(rows, oracle(sentry)).missing).toHaveLength(1);
  expect([...ends.values()].at(-1)).toMatchObject({ why: "hole", lost: 1 });
});

test("readEvents() gives up on a server that fails on and on, and can go on later", async () => {
  await using sentry = await startSentry(small);
  const { fetch, urls } = redirected(sentry, ({ pathname }) =>
    /issues\/\d+\/events\/$/.test(pathname)
      ? json({ detail: "Internal" }, { status: 500 })
      : undefined,
  );
  const reading = exportAll(sourceOf(sentry, { project: "web", fetch }));
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_SERVER_ERROR", retryable: true });
  expect(urls.length).toBeLessThan(60);
});

test("readEvents() ends complete where the range is older than what the server keeps", async () => {
  await using sentry = await startSentry({ ...small, flavor: "self-hosted" });
  const { id } = sentry.issues[0]!;
  const range = { from: "2020-01-01T00:00:00Z", to: "2020-02-01T00:00:00Z" };
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id] }), { range });
  expect(rows.size).toBe(0);
  expect([...ends.values()]).toEqual([
    { why: "complete", expected: 0, detail: "older than what the server keeps" },
  ]);
});

test("readEvents() ends as gone when its issue was deleted meanwhile", async () => {
  for (const flavor of ["saas", "old", "glitchtip"] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const { id } = sentry.issues[0]!;
    const source = sourceOf(sentry, { issues: [id] });
    const slices = await source.plan(untilNow(), { signal });
    sentry.removeIssue(id);
    for await (const { next } of source.read(slices[0]!, { signal })) {
      expect(next).toEqual({ end: { why: "gone", detail: "deleted while the export ran" } });
    }
  }
});

test("readEvents() finds the first issue of a project of an old server that had none when it was planned", async () => {
  await using sentry = await startSentry({
    ...small,
    flavor: "old",
    projects: [{ slug: "web", issues: [{ events: 0 }] }],
  });
  const { id } = sentry.issues[0]!;
  const source = sourceOf(sentry, { project: "web" });
  async function plan(...args: Parameters<typeof source.plan>) {
    const slices = await source.plan(...args);
    sentry.addEvents(id, 130, { time: Date.now() - 3_600_000 });
    return slices;
  }
  const { rows, ends } = await exportAll({ ...source, plan });
  expect(differences(rows, oracle(sentry))).toEqual(none);
  expect(rows.size).toBe(130);
  for (const end of ends.values()) expect(end.why).toMatch(/^(complete|split)$/);
});

test("readEvents() does not take a list that is not there for a deleted issue", async () => {
  await using sentry = await startSentry(small);
  const { fetch } = redirected(sentry, ({ pathname }) =>
    /issues\/\d+\/events\/$/.test(pathname) ? json({ detail: "nope" }, { status: 404 }) : undefined,
  );
  const reading = exportAll(sourceOf(sentry, { issues: [sentry.issues[0]!.id], fetch }));
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_NOT_FOUND" });
});

test("readEvents() ends as denied where nobody named the issue, and throws where somebody did", async () => {
  await using sentry = await startSentry(small);
  const { id } = sentry.issues[0]!;
  const { fetch } = redirected(sentry, ({ pathname }) =>
    /issues\/\d+\/events\/$/.test(pathname) ? json({ detail: "no" }, { status: 403 }) : undefined,
  );
  const { ends } = await exportAll(sourceOf(sentry, { project: "web", fetch }));
  expect(ends.get(`issue/${id}`)).toMatchObject({ why: "denied" });
  const reading = exportAll(sourceOf(sentry, { issues: [id], fetch }));
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_FORBIDDEN", kind: "credentials" });
});

test("readEvents() halves the window while the query takes too long", async () => {
  await using sentry = await startSentry(small);
  const { id } = sentry.issues[0]!;
  const longest = 40 * 86_400_000;
  const { fetch } = redirected(sentry, ({ pathname, searchParams }) => {
    const [start, end] = ["start", "end"].map((name) => Date.parse(searchParams.get(name) ?? ""));
    if (!pathname.endsWith(`${id}/events/`) || end! - start! <= longest) return undefined;
    return json({ detail: "Query timeout. Please try again. If the problem..." }, { status: 400 });
  });
  const range = { from: new Date(Date.now() - 80 * 86_400_000).toISOString(), ...untilNow() };
  const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id], fetch }), { range });
  expect(differences(rows, oracle(sentry))).toEqual(none);
  expect(ends.get(`issue/${id}`)).toEqual({ why: "split" });
});

test("readEvents() goes on where parts of a range that takes too long are older than what the server keeps", async () => {
  for (const [flavor, why] of [
    ["saas", "complete"],
    ["old", "hole"],
  ] as const) {
    await using sentry = await startSentry({ ...small, flavor });
    const { id } = sentry.issues[0]!;
    const { fetch } = redirected(sentry, ({ pathname, searchParams }) => {
      const [start, end] = ["start", "end"].map((name) => Date.parse(searchParams.get(name) ?? ""));
      if (!pathname.endsWith(`${id}/events/`) || end! - start! < 6 * 365 * 86_400_000) return;
      return json({ detail: "Query timeout. Please try again." }, { status: 400 });
    });
    const { rows, ends } = await exportAll(sourceOf(sentry, { issues: [id], fetch }));
    expect(differences(rows, oracle(sentry))).toEqual(none);
    const old = [...ends.values()].filter(({ detail }) => detail?.includes("old"));
    expect(old.map((end) => end.why)).toEqual([why]);
  }
});

test("readEvents() refuses slices that it did not make", async () => {
  await using sentry = await startSentry(small);
  const source = sourceOf(sentry);
  for (const args of [null, 1, [], {}, { kind: "events" }, { kind: "other", server: {} }]) {
    const slice: Slice = { key: "x", stream: "events", lane: "issues", dedupe: "slice", args };
    expect(() => source.read(slice, { signal })).toThrow(
      expect.objectContaining({ code: "SENTRY_SLICE_INVALID" }),
    );
  }
});

function sum(ends: readonly End[]): number {
  return ends.reduce((total, { expected = 0 }) => total + expected, 0);
}

/** The parts that the root slice of an issue is replaced by. */
async function split(
  url: string,
  { sentry, id }: { sentry: Parameters<typeof sourceOf>[0]; id: string },
): Promise<readonly Slice[]> {
  const source = sourceOf(sentry, { url, issues: [id] });
  const [root] = await source.plan(untilNow(), { signal });
  for await (const { spawn } of source.read(root!, { signal })) return spawn ?? [];
  return [];
}
