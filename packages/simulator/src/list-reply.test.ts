import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { listTable } from "./list-table.ts";
import type { Flavor, SentryOptions } from "./sentry-options.ts";
import { type SimulatedSentry, simulateSentry } from "./simulate-sentry.ts";
import type { StreamName } from "./stream-name.ts";

const decoder = new TextDecoder();
const projects = ["web", "api"].map((slug) => ({ slug, issues: [{ events: 5 }, { events: 4 }] }));

function simulated(options: SentryOptions = {}): SimulatedSentry {
  return simulateSentry({ limits: false, projects, explore: { replays: 6 }, ...options });
}

async function ask(sentry: SimulatedSentry, path: string, token = sentry.token) {
  const headers = { authorization: `Bearer ${token}` };
  const response = await sentry.fetch(sentry.url + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The bytes of all pages of a list. */
async function listed(sentry: SimulatedSentry, path: string, size: number): Promise<string[]> {
  const rows: string[] = [];
  const sep = path.includes("?") ? "&" : "?";
  const parameter = sentry.flavor === "glitchtip" ? "limit" : "per_page";
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const next: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page = await ask(sentry, `${path}${sep}${parameter}=${size}${next}`);
    expect(page.status, path).toBe(200);
    if (page.text.startsWith("{")) return [page.text];
    rows.push(...(JSON.parse(page.text) as unknown[]).map((row) => JSON.stringify(row)));
    const link = page.headers.get("link") ?? "";
    cursor = /rel="next"; results="true"; cursor="([^"]*)"/.exec(link)?.[1];
  }
  return rows;
}

/** The path of the list that a row comes from. */
function pathOf(path: string, parents: Readonly<Record<string, string>>): string {
  const named: Readonly<Record<string, string>> = { org: "acme", ...parents };
  return `/api/0/${path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(named[name]!))}`;
}

const flavors: readonly Flavor[] = ["saas", "self-hosted", "old", "glitchtip"];

test.each(flavors)("%s gives the rows of each stream that the oracle knows", async (flavor) => {
  const sentry = simulated({ flavor });
  let streams = 0;
  for (const { stream, path: template, required = [], hidden } of listTable) {
    const rows = [...sentry.rows(stream)];
    const byPath = Map.groupBy(rows, ({ parents }) => pathOf(template, parents));
    const short = flavor === "old" || (flavor === "glitchtip" && stream !== "issue-hashes");
    const asked = hidden ? ["visibility=all"] : required.map((name) => `${name}=x`);
    const query = asked.join("&");
    for (const [full, expected] of byPath) {
      const path = short ? full.replace("/organizations/acme/issues/", "/issues/") : full;
      const found = await listed(sentry, query ? `${path}?${query}` : path, 2);
      expect(found, path).toHaveLength(expected.length);
      const normal = expected.map(({ json }) => JSON.stringify(JSON.parse(decoder.decode(json))));
      const parsed = found.map((text) => JSON.stringify(JSON.parse(text)));
      expect(parsed.toSorted(), path).toEqual(normal.toSorted());
    }
    if (rows.length > 0) streams++;
  }
  expect(streams).toBe({ saas: 46, "self-hosted": 46, old: 36, glitchtip: 9 }[flavor]);
});

test("a list is the oracle's bytes, numbers above 2^53 included", async () => {
  const sentry = simulated();
  const rows = [...sentry.rows("project-users")].filter(
    ({ parents }) => parents["project"] === "web",
  );
  const texts = rows.map(({ json }) => decoder.decode(json));
  const { text } = await ask(sentry, "/api/0/projects/acme/web/users/");
  expect(text).toBe(`[${texts.join(",")}]`);
  expect(text).toMatch(/"identifier":9007199254740993,/);
});

test("what a server does not have is a 404", async () => {
  const old = simulated({ flavor: "old" });
  expect((await ask(old, "/api/0/organizations/acme/monitors/")).status).toBe(404);
  const glitchtip = simulated({ flavor: "glitchtip" });
  expect((await ask(glitchtip, "/api/0/organizations/acme/dashboards/")).status).toBe(404);
  expect([...glitchtip.rows("dashboards")]).toEqual([]);
  const sentry = simulated();
  expect((await ask(sentry, "/api/0/organizations/acme/releases/nope/commits/")).status).toBe(404);
  expect((await ask(sentry, "/api/0/projects/acme/nope/keys/")).status).toBe(404);
});

test("rows() tells of what has endpoints of its own", async () => {
  const sentry = simulated();
  const text = (stream: StreamName) =>
    [...sentry.rows(stream)].map(({ json }) => decoder.decode(json));
  const list = async (path: string) => JSON.stringify(JSON.parse((await ask(sentry, path)).text));
  expect(await list("/api/0/organizations/acme/")).toBe(text("organization")[0]);
  const all = JSON.parse(await list("/api/0/organizations/acme/projects/"));
  expect(all.map((row: unknown) => JSON.stringify(row)).toSorted()).toEqual(
    text("projects").toSorted(),
  );
  expect(await list("/api/0/projects/acme/web/")).toBe(text("project-details")[0]);
  const issues = JSON.parse(await list("/api/0/organizations/acme/issues/?query="));
  expect(issues.map((row: unknown) => JSON.stringify(row)).toSorted()).toEqual(
    text("issues").toSorted(),
  );
  expect(text("events")).toHaveLength(18);
});

test("each list asks for its scope, and any of several will do", async () => {
  const sentry = simulated();
  const status = async (path: string, ...scopes: string[]) =>
    (await ask(sentry, path, sentry.createToken(scopes))).status;
  const cases = [
    ["organizations/acme/members/", "member:read", "org:read"],
    ["organizations/acme/teams/", "org:read", "team:read"],
    ["organizations/acme/monitors/", "alerts:read", "project:read"],
    ["organizations/acme/releases/", "project:releases", "org:read"],
    ["organizations/acme/releases/", "org:ci", "event:read"],
    ["organizations/acme/integrations/", "org:integrations", "project:read"],
    ["projects/acme/web/keys/", "project:admin", "org:read"],
  ] as const;
  for (const [path, good, bad] of cases) {
    expect(await status(`/api/0/${path}`, good), `${path} ${good}`).toBe(200);
    expect(await status(`/api/0/${path}`, bad), `${path} ${bad}`).toBe(403);
  }
  const { text } = await ask(sentry, "/api/0/", sentry.createToken(["org:ci"]));
  expect(JSON.parse(text).auth).toEqual({ scopes: ["org:ci"] });
});

test("lists are paged by number, by row, by time, each with its usual size", async () => {
  const lists = { releases: 130, "alert-rules": 30, "saved-queries": 60, "user-feedback": 101 };
  const sentry = simulated({ lists: { ...lists, attachments: 21 } });
  const next = async (path: string) => {
    const { headers, text } = await ask(sentry, `/api/0/${path}`);
    const cursor = /rel="next"; results="true"; cursor="([^"]*)"/.exec(headers.get("link")!)?.[1];
    return [JSON.parse(text).length, cursor];
  };
  expect(await next("organizations/acme/releases/")).toEqual([100, "100:1:0"]);
  expect(await next("organizations/acme/alert-rules/")).toEqual([25, "25:1:0"]);
  expect(await next("organizations/acme/discover/saved/?cursor=0:10:0")).toEqual([25, "0:35:0"]);
  expect(await next("projects/acme/web/user-feedback/")).toEqual([
    100,
    expect.stringMatching(/^\d{13}:\d:0$/),
  ]);
  const issue = sentry.issues[0]!.id;
  expect((await next(`organizations/acme/issues/${issue}/attachments/`))[0]).toBe(20);
  expect((await ask(sentry, "/api/0/organizations/acme/releases/?cursor=100:-1:1")).status).toBe(
    400,
  );
});

test("lists of one time share it, and keyset pages lose none of them", async () => {
  const sentry = simulated({ lists: { "user-feedback": 50 } });
  const rows = [...sentry.rows("user-feedback")].filter(
    ({ parents }) => parents["project"] === "web",
  );
  const found = await listed(sentry, "/api/0/projects/acme/web/user-feedback/", 7);
  expect(found.map((text) => JSON.parse(text).id)).toEqual(rows.map(({ id }) => id));
});

test("environments that are hidden are shown when asked for", async () => {
  const sentry = simulated();
  const names = async (query: string) => {
    const { text } = await ask(sentry, `/api/0/projects/acme/web/environments/${query}`);
    return JSON.parse(text).map(({ name }: { name: string }) => name);
  };
  expect(await names("")).toEqual(["production", "staging"]);
  expect(await names("?visibility=hidden")).toEqual(["retired"]);
  expect(await names("?visibility=all")).toHaveLength(3);
  const wrong = await ask(sentry, "/api/0/organizations/acme/environments/?visibility=x");
  expect(wrong.status).toBe(400);
});

test("what is disabled is an empty 404, and the oracle has none of it", async () => {
  const sentry = simulated({ disabled: ["monitors", "spans", "attachments"] });
  expect(await ask(sentry, "/api/0/organizations/acme/monitors/")).toMatchObject({
    ...{ status: 404, text: "" },
  });
  const explore = "/api/0/organizations/acme/events/?field=id&dataset=";
  expect((await ask(sentry, `${explore}spans`)).status).toBe(404);
  expect((await ask(sentry, `${explore}logs`)).status).toBe(200);
  const issue = sentry.issues[0]!.id;
  expect((await ask(sentry, `/api/0/organizations/acme/issues/${issue}/attachments/`)).status).toBe(
    404,
  );
  const streams = ["monitors", "check-ins", "spans", "attachments"] as const;
  expect(streams.flatMap((stream) => [...sentry.rows(stream)])).toEqual([]);
});

test("of the values of a tag no more than 1,000 can be reached", async () => {
  const sentry = simulated({ lists: { "project-tag-values": 1_050 } });
  const path = "/api/0/projects/acme/web/tags/environment/values/";
  expect(await listed(sentry, path, 100)).toHaveLength(1_000);
  const isListed = ({ parents }: { parents: Readonly<Record<string, string>> }) =>
    parents["project"] === "web" && parents["tag"] === "environment";
  expect([...sentry.rows("project-tag-values")].filter(isListed)).toHaveLength(1_050);
});

test("lists take bounds, projects and what they require", async () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const sentry = simulated({ now: () => now, lists: { "check-ins": 40, releases: 40 } });
  const path = "/api/0/organizations/acme/monitors/nightly-0/checkins/";
  const window = "start=2025-12-31T12:00:00Z&end=2025-12-31T18:00:00Z";
  const rows: { dateAdded: string }[] = JSON.parse((await ask(sentry, `${path}?${window}`)).text);
  expect(rows.length).toBeGreaterThan(3);
  for (const { dateAdded } of rows) expect(dateAdded).toMatch(/^2025-12-31T1[2-7]/);
  const releases = async (query: string) =>
    JSON.parse((await ask(sentry, `/api/0/organizations/acme/releases/?${query}`)).text).length;
  expect((await releases("project=web")) + (await releases("project=api"))).toBe(40);
  expect((await ask(sentry, "/api/0/organizations/acme/stats_v2/?field=x")).status).toBe(400);
});

test("attachments download as the bytes that their row describes", async () => {
  const sentry = simulated({ lists: { attachments: 12 } });
  const headers = { authorization: `Bearer ${sentry.token}` };
  const lengths: number[] = [];
  for (const { id, json } of sentry.rows("attachments")) {
    const row = JSON.parse(decoder.decode(json));
    const project = [...sentry.events()].find((event) => event.id === row.event_id)!.projectId;
    const path = `/api/0/projects/acme/${project}/events/${row.event_id}/attachments/${id}/`;
    const response = await sentry.fetch(`${sentry.url}${path}?download=1`, { headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.byteLength).toBe(row.size);
    expect(createHash("sha1").update(bytes).digest("hex")).toBe(row.sha1);
    expect(response.headers.get("content-disposition")).toContain("attachment");
    expect(await (await sentry.fetch(sentry.url + path, { headers })).json()).toEqual(row);
    lengths.push(bytes.byteLength);
  }
  expect(lengths).toContain(0);
});

test("addRows(), changeRow() and removeRow() show in lists and in the oracle", async () => {
  const sentry = simulated();
  const releases = async () => listed(sentry, "/api/0/organizations/acme/releases/", 100);
  const before = await releases();
  sentry.addRows("releases", 2);
  const [first] = [...sentry.rows("releases")];
  sentry.changeRow("releases", first!.id, { status: "archived" });
  const after = await releases();
  expect(after).toHaveLength(before.length + 2);
  expect(after.slice(2)).toEqual(before);
  expect(JSON.parse(after[0]!)).toMatchObject({ status: "archived" });
  sentry.removeRow("releases", first!.id);
  expect(await releases()).toEqual(after.slice(1));
  expect(() => sentry.changeRow("releases", "nope", {})).toThrow('Cannot find the row "nope"');
  expect(() => sentry.removeRow("events", "x")).toThrow("only issues and lists change");
  expect(() => sentry.addRows("releases", 1, { parents: { project: "no" } })).toThrow("Cannot add");
  expect(() => sentry.addRows("stats", 1)).toThrow("only lists");
});

test("addRows() adds to the lists below some parents alone", () => {
  const sentry = simulated();
  const keys = () => [...sentry.rows("project-keys")].map(({ parents }) => parents["project"]);
  sentry.addRows("project-keys", 1, { parents: { project: "api" } });
  expect(keys().filter((project) => project === "api")).toHaveLength(3);
  expect(keys().filter((project) => project === "web")).toHaveLength(2);
});

test("issues come, change and follow their events", async () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const sentry = simulated({ now: () => now });
  const added = sentry.addIssue("api", { events: 7, spanSeconds: 60 });
  expect(sentry.issues.at(-1)).toEqual(added);
  expect(added.shortId).toBe("API-3");
  const path = `/api/0/organizations/acme/issues/${added.id}/`;
  const issue = async () => JSON.parse((await ask(sentry, path)).text);
  expect(await issue()).toMatchObject({ count: "7", status: "unresolved" });
  sentry.changeRow("issues", added.id, { status: "resolved", userCount: 5 });
  sentry.addEvents(added.id, 2, { time: now - 1_000 });
  expect(await issue()).toMatchObject({
    ...{ count: "9", status: "resolved", userCount: 5, lastSeen: "2025-12-31T23:59:59Z" },
  });
  const found = async (query: string) =>
    JSON.parse((await ask(sentry, `/api/0/projects/acme/api/issues/?${query}`)).text).length;
  expect(await found("query=is:resolved")).toBe(2);
  const window = "start=2025-12-31T23:59:59Z&end=2026-01-01T00:00:00Z&query=";
  const list = (await ask(sentry, `/api/0/organizations/acme/issues/?${window}`)).text;
  expect(JSON.parse(list).map(({ id }: { id: string }) => id)).toEqual([added.id]);
  const events = `/api/0/projects/acme/api/events/?full=1`;
  expect(JSON.parse((await ask(sentry, events)).text)[0].groupID).toBe(added.id);
  sentry.removeRow("issues", added.id);
  expect((await ask(sentry, path)).status).toBe(404);
  expect([...sentry.rows("issues")].some(({ id }) => id === added.id)).toBe(false);
  expect(() => sentry.addIssue("nope", { events: 1 })).toThrow('Cannot find the project "nope"');
});

test("organizations and regions", async () => {
  const sentry = simulated();
  const organizations = JSON.parse((await ask(sentry, "/api/0/organizations/")).text);
  expect(organizations).toMatchObject([{ slug: "acme", links: { organizationUrl: sentry.url } }]);
  const regions = await ask(sentry, "/api/0/users/me/regions/", sentry.createToken([]));
  expect(JSON.parse(regions.text)).toEqual({ regions: [{ name: "us", url: sentry.url }] });
  const hosted = simulated({ flavor: "self-hosted" });
  expect((await ask(hosted, "/api/0/users/me/regions/")).status).toBe(404);
});
