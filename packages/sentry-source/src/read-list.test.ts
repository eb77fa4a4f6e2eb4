import { createIdentifier } from "@decant/core";
import { type SentrySimulator, simulateSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import type { SentrySourceOptions } from "./create-sentry-source.ts";
import { streamTable } from "./stream-table.ts";
import { exportAll, failureOf } from "./testing/export-all.ts";
import { differences, none, redirected, sourceOf } from "./testing/simulated.ts";

const projects = [
  { slug: "web", issues: [{ events: 3 }, { events: 12 }, { events: 1, status: "ignored" }] },
  { slug: "api", issues: [{ events: 5 }] },
] as const;
const now = Date.now();
const small = { limits: false, eventBytes: 300, projects, now: () => now } as const;
const range = { to: new Date(now + 1_000).toISOString() };
const lists = streamTable.filter(({ byTime, bounds }) => !byTime || !bounds);
const faults = { serverError: 0.1, cutBody: 0.1, truncatedJson: 0.1 };
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** What a simulator has of a stream: the texts, each with how often it is there. */
function oracle(sentry: SentrySimulator, stream: string): Map<string, string> {
  const rows = [...sentry.rows(stream as Parameters<SentrySimulator["rows"]>[0])];
  return count(
    rows.map(({ json }) =>
      decoder
        .decode(json)
        .replaceAll(/[\r\n]/g, "")
        .trim(),
    ),
  );
}

function count(texts: readonly string[]): Map<string, string> {
  const groups = Map.groupBy(texts, (text) => text);
  return new Map([...groups].map(([text, { length }]) => [text, `${length}`]));
}

/** The server's part of a row. */
function bodyOf(text: string): string {
  const [head = ""] =
    /^\{(?:"(?:\w+Id|\w+Slug|tagKey|releaseVersion|segment)":(?:"(?:[^"\\]|\\.)*"|\d+),)+"data":/.exec(
      text,
    ) ?? [];
  return head === "" ? text : text.slice(head.length, -1);
}

test.each(lists.map(({ name }) => name))(
  "readList() reads %s as the server has it",
  async (name) => {
    const sentry = simulateSentry({ ...small, faults });
    for (const interrupted of [false, true]) {
      const source = sourceOf(sentry, { streams: [name] });
      const { rows, ends } = await exportAll(source, { range, interrupted });
      const expected = oracle(sentry, name);
      expect(expected.size).toBeGreaterThan(0);
      expect(differences(count([...rows.values()].map(bodyOf)), expected)).toEqual(none);
      for (const { why } of ends.values()) expect(why).toMatch(/^(complete|split)$/);
      const [stream] = source.streams;
      const identifier = createIdentifier(stream!);
      for (const [id, text] of rows) expect(identifier.identify(encoder.encode(text)).id).toBe(id);
    }
  },
);

test("readList() puts around a row what it belongs to", async () => {
  const sentry = simulateSentry(small);
  const read = async (stream: string) => {
    const { rows } = await exportAll(sourceOf(sentry, { streams: [stream] }), { range });
    const [[id, text] = ["", ""]] = rows;
    return { id, text };
  };
  const [issue] = sentry.issues;
  expect((await read("issue-tags")).text).toMatch(/^\{"issueId":"\d+","data":\{"key":/);
  expect((await read("issue-tag-values")).id).toMatch(/^\d+\/[^/]+\/[^/]+$/);
  expect((await read("project-keys")).text).toMatch(/^\{"projectId":"\d+","data":\{/);
  expect((await read("release-commits")).text).toMatch(/^\{"releaseVersion":"[^"]+","data":\{/);
  expect((await read("issues")).text).toMatch(/^\{"id":"\d+"/);
  const segment = await read("replay-segments");
  expect(segment.text).toMatch(/^\{"replayId":"\w+","segment":0,"data":\[\{/);
  expect(segment.id).toMatch(/^\w+\/0$/);
  expect(issue?.id).toMatch(/^\d+$/);
});

test.each(["saas", "self-hosted", "old", "glitchtip"] as const)(
  "createSentrySource() reads all of %s, and names what it does not have",
  async (flavor) => {
    const sentry = simulateSentry({ ...small, flavor });
    const { streams, ends } = await exportAll(sourceOf(sentry, { streams: "all" }), { range });
    for (const { name } of streamTable.filter(({ bounds }) => !bounds)) {
      const bodies = count([...(streams.get(name)?.values() ?? [])].map(bodyOf));
      expect({ name, ...differences(bodies, oracle(sentry, name)) }).toEqual({ name, ...none });
    }
    const whys = [...ends.values()].map(({ why }) => why);
    for (const why of whys) expect(["complete", "split", "absent"]).toContain(why);
    expect(whys.includes("absent")).toBe(flavor === "old" || flavor === "glitchtip");
  },
);

test("createSentrySource() ends as denied what the token may not read, and refuses it by name", async () => {
  const sentry = simulateSentry(small);
  const token = sentry.createToken(["event:read", "org:read"]);
  const { ends } = await exportAll(sourceOf(sentry, { token, streams: "all" }), { range });
  const denied = [...ends].filter(([, { why }]) => why === "denied");
  expect(denied.map(([key]) => key)).toEqual(expect.arrayContaining(["members", "releases"]));
  expect(ends.get("members")?.detail).toContain("member:read");
  expect(ends.get("teams")?.why).toBe("complete");
  const events = sentry.createToken(["org:read", "project:read"]);
  for (const streams of [["events"], ["issue-tags"]]) {
    const reading = exportAll(sourceOf(sentry, { token: events, streams }), { range });
    expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_FORBIDDEN" });
  }
  for (const [streams, project] of [
    [["members"], []],
    [["project-keys"], ["web"]],
    [["project-keys"], []],
  ] as const) {
    const reading = exportAll(sourceOf(sentry, { token, streams, project }), { range });
    expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_FORBIDDEN" });
  }
});

test("createSentrySource() refuses by name what the server does not have", async () => {
  const sentry = simulateSentry({ ...small, flavor: "glitchtip" });
  const reading = exportAll(sourceOf(sentry, { streams: ["workflows"] }), { range });
  expect(await failureOf(reading)).toMatchObject({ code: "SENTRY_NOT_FOUND" });
});

test("createSentrySource() reads of named issues what belongs to them", async () => {
  const sentry = simulateSentry(small);
  const { id, shortId } = sentry.issues[1]!;
  const { rows } = await exportAll(sourceOf(sentry, { streams: "all", issues: [shortId] }), {
    range,
  });
  const texts = new Set([...rows.values()].map(bodyOf));
  for (const name of [
    "issue-hashes",
    "issue-tag-values",
    "issue-comments",
    "attachments",
  ] as const) {
    const mine = [...sentry.rows(name)].filter(({ parents }) => parents["issue"] === id);
    expect(mine.length).toBeGreaterThan(0);
    for (const { json } of mine) expect(texts).toContain(decoder.decode(json));
  }
  expect([...rows.keys()].filter((key) => key === id)).toHaveLength(1);
});

test("createSentrySource() refuses streams that it cannot mean", async () => {
  const sentry = simulateSentry(small);
  const invalid = (options: Partial<SentrySourceOptions>) => () => sourceOf(sentry, options);
  const code = { code: "SENTRY_OPTION_INVALID" };
  expect(invalid({ streams: ["event"] })).toThrow(expect.objectContaining(code));
  expect(invalid({ streams: [] })).toThrow(expect.objectContaining(code));
  expect(invalid({ streams: ["events", "teams"], issues: ["1"] })).toThrow(
    expect.objectContaining({ ...code, message: expect.stringContaining('"teams"') }),
  );
  const filtered = sourceOf(sentry, { streams: ["issues", "teams"], query: "level:error" });
  expect(await failureOf(exportAll(filtered, { range }))).toMatchObject({
    code: "SENTRY_FILTER_UNSUPPORTED",
    message: expect.stringContaining("teams"),
  });
});

test("createSentrySource() tells under all what it could not filter", async () => {
  const sentry = simulateSentry(small);
  const source = sourceOf(sentry, { streams: "all", environment: ["production"], project: "web" });
  const { ends } = await exportAll(source, { range });
  expect(ends.get("teams")?.detail).toBe(
    "not narrowed by environment and project: the server cannot",
  );
  expect(ends.get("releases")?.detail).toBeUndefined();
});

test("createSentrySource() reads what changes whole in a later run, and the rest from where it ended", async () => {
  const sentry = simulateSentry(small);
  const after = new Date(now - 1_000).toISOString();
  const source = sourceOf(sentry, { streams: ["events", "issues", "issue-tags", "teams"] });
  const { rows, ends } = await exportAll(source, { range: { ...range, after } });
  const texts = new Set([...rows.values()].map(bodyOf));
  for (const name of ["issues", "issue-tags", "teams"] as const) {
    for (const text of oracle(sentry, name).keys()) expect(texts).toContain(text);
  }
  expect([...ends.keys()].filter((key) => key.startsWith("issue/"))).toEqual([]);
  const none = await exportAll(source, { range: { ...range, after: range.to } });
  expect([...none.ends.keys()].some((key) => key.startsWith("issue/"))).toBe(false);
});

test("readList() reads lists of several pages whole, and again where rows may have shifted", async () => {
  const sentry = simulateSentry({ ...small, lists: { releases: 250, "project-users": 130 } });
  for (const name of ["releases", "project-users"] as const) {
    const { rows, ends } = await exportAll(sourceOf(sentry, { streams: [name] }), { range });
    expect(differences(count([...rows.values()].map(bodyOf)), oracle(sentry, name))).toEqual(none);
    for (const { why } of ends.values()) expect(why).toBe("complete");
  }
  const asked = sentry.log.filter(({ path }) => path.includes("/releases/"));
  expect(asked.length).toBe(6);
});

test("readList() misses no row where others go while it reads", async () => {
  const sentry = simulateSentry({ ...small, lists: { releases: 250 } });
  const [newest] = sentry.rows("releases");
  let shifted = false;
  const { fetch } = redirected(sentry, ({ searchParams }) => {
    // The last row of the first page would have been the first of the second.
    if (searchParams.has("cursor") && !shifted) sentry.removeRow("releases", newest!.id);
    shifted ||= searchParams.has("cursor");
    return undefined;
  });
  const { rows } = await exportAll(sourceOf(sentry, { streams: ["releases"], fetch }), { range });
  const texts = new Set(rows.values());
  expect(shifted).toBe(true);
  for (const text of oracle(sentry, "releases").keys()) expect(texts).toContain(text);
});

test("readList() ends a list as gone when what it belongs to was deleted meanwhile", async () => {
  const sentry = simulateSentry(small);
  const issue = sentry.issues[0]!;
  const { fetch } = redirected(sentry, ({ pathname }) => {
    if (pathname.endsWith(`/issues/${issue.id}/hashes/`)) sentry.removeIssue(issue.id);
    return undefined;
  });
  const source = sourceOf(sentry, { streams: ["issue-hashes"], fetch });
  const { ends } = await exportAll(source, { range });
  expect(ends.get(`issue-hashes/${issue.project}/${issue.id}`)?.why).toBe("gone");
});

test("issues are delivered once however often their list is read, and narrowed by a query", async () => {
  const sentry = simulateSentry(small);
  for (const streams of [["issues"], ["events", "issues"], ["issues", "issue-tags"]]) {
    for (const interrupted of [false, true]) {
      const source = sourceOf(sentry, { streams });
      const { streams: read, ends } = await exportAll(source, { range, interrupted });
      const found = count([...(read.get("issues")?.values() ?? [])]);
      expect(differences(found, oracle(sentry, "issues"))).toEqual(none);
      for (const { why } of ends.values()) expect(why).toMatch(/^(complete|split)$/);
    }
  }
  const query = sourceOf(sentry, { streams: ["events", "issues"], query: "is:ignored" });
  const { ends } = await exportAll(query, { range });
  expect([...ends.keys()]).toEqual(expect.arrayContaining(["issues/web", "issues/web/issues"]));
});

test.each([
  ["user-feedback", 250],
  ["attachments", 60],
] as const)("readList() holds %s to the range, and reads no page past it", async (name, most) => {
  const sentry = simulateSentry({ ...small, lists: { [name]: most } });
  const all = [...sentry.rows(name)].map(({ json }) => decoder.decode(json).trim());
  const timeOf = (text: string) => Date.parse(JSON.parse(text).dateCreated);
  const times = all.map(timeOf).toSorted((a, b) => a - b);
  const from = new Date(times[Math.floor(times.length * 0.9)]!).toISOString();
  const start = Math.floor(Date.parse(from) / 1_000) * 1_000;
  // Of all issues, also of those without an event in the range.
  const issues = name === "attachments" ? sentry.issues.map(({ id }) => id) : [];
  const source = sourceOf(sentry, { streams: [name], issues });
  for (const span of [
    { ...range, from },
    { ...range, after: from },
  ]) {
    const before = sentry.log.length;
    const { rows } = await exportAll(source, { range: span });
    const expected = count(all.filter((text) => timeOf(text) >= start));
    expect(expected.size).toBeGreaterThan(0);
    expect(differences(count([...rows.values()].map(bodyOf)), expected)).toEqual(none);
    const pages = sentry.log.slice(before).filter(({ path }) => path.includes(`/${name}/`));
    // One page may be asked for before the one before it was seen.
    expect(pages.length).toBeLessThanOrEqual(4);
  }
});

test.each(["stats", "sessions"] as const)(
  "readList() reads %s in parts that the server takes",
  async (name) => {
    const sentry = simulateSentry(small);
    const windowsOf = async (from?: string) => {
      const asked = sentry.log.length;
      const span = { ...range, ...(from !== undefined && { from }) };
      const { rows, ends } = await exportAll(
        sourceOf(sentry, { streams: [name], project: "web" }),
        { range: span },
      );
      for (const text of rows.values()) expect(oracle(sentry, name).has(bodyOf(text))).toBe(true);
      const urls = sentry.log.slice(asked).map(({ path }) => new URL(path, sentry.url));
      const windows = urls
        .filter(({ pathname }) => pathname.includes(name))
        .map(({ searchParams }) => [searchParams.get("start"), searchParams.get("end")]);
      return { windows, details: [...ends.values()].map(({ detail }) => detail) };
    };
    const { windows, details } = await windowsOf(new Date(now - 200 * 86_400_000).toISOString());
    expect(windows).toHaveLength(3);
    for (const [index, [start]] of windows.entries()) {
      if (index < 2) expect(windows[index + 1]?.[1]).toBe(start);
    }
    expect(details).toEqual([undefined, undefined, undefined]);
    const open = await windowsOf();
    expect(open.windows).toHaveLength(1);
    expect(open.details[0]).toContain("the last 90 days");
  },
);

test("readList() names one list of many that the server cannot show, and reads the others", async () => {
  const sentry = simulateSentry(small);
  const broken = sentry.issues[1]!.id;
  const { fetch } = redirected(sentry, ({ pathname }) =>
    pathname.endsWith("/integrations/") || pathname.endsWith(`/issues/${broken}/hashes/`)
      ? Response.json({ detail: "Internal Error" }, { status: 500 })
      : undefined,
  );
  const hashes = await exportAll(sourceOf(sentry, { streams: ["issue-hashes"], fetch }), { range });
  const holes = [...hashes.ends].filter(([, { why }]) => why === "hole");
  expect(holes).toEqual([
    [expect.stringContaining(broken), { why: "hole", detail: expect.stringContaining("500") }],
  ]);
  expect(hashes.rows.size).toBeGreaterThan(0);

  const all = await exportAll(sourceOf(sentry, { streams: "all", fetch }), { range });
  expect(all.ends.get("integrations")).toMatchObject({ why: "hole" });

  const named = exportAll(sourceOf(sentry, { streams: ["integrations"], fetch }), { range });
  expect(await failureOf(named)).toMatchObject({ code: "SENTRY_SERVER_ERROR", retryable: true });
});
