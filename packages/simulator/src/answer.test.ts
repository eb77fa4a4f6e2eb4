import { expect, test } from "vitest";
import { allRows, ask } from "./ask.ts";
import { startSentry } from "./start-sentry.ts";

const small = {
  projects: [{ slug: "web", issues: [{ events: 5 }, { events: 4 }, { events: 3 }] }],
};

async function words(answer: ReturnType<typeof ask>): Promise<[number, unknown]> {
  const { status, text } = await answer;
  return [status, text === "" ? "" : JSON.parse(text).detail];
}

test("401 in all its forms", async () => {
  await using sentry = await startSentry(small);
  const path = "/api/0/organizations/acme/";
  expect(await words(ask(sentry, path, null))).toEqual([
    401,
    "Authentication credentials were not provided.",
  ]);
  expect(await words(ask(sentry, path, "sntryu_nope"))).toEqual([401, "Invalid token"]);
  expect(await words(ask(sentry, path, "sntrys_nope"))).toEqual([401, "Invalid org token"]);
  expect(await words(ask(sentry, path, sentry.tokens.expired))).toEqual([401, "Token expired"]);
  expect(await words(ask(sentry, path, sentry.tokens.sso))).toEqual([
    401,
    {
      code: "sso-required",
      message: "Must login via SSO",
      extra: { loginUrl: "/auth/login/acme/" },
    },
  ]);
});

test("403 where the scope is missing: each endpoint asks for its own", async () => {
  await using sentry = await startSentry({ ...small, limits: false });
  const { id } = sentry.issues[0]!;
  const status = async (path: string, token: string) => (await ask(sentry, path, token)).status;
  const { noEventScope, noProjectScope, noOrgScope, org } = sentry.tokens;
  const rules = [
    [`/api/0/organizations/acme/issues/${id}/events/`, noEventScope],
    [`/api/0/organizations/acme/issues/${id}/`, noEventScope],
    ["/api/0/organizations/acme/issues/", noEventScope],
    ["/api/0/projects/acme/web/events/", noProjectScope],
    ["/api/0/projects/acme/web/", noProjectScope],
    ["/api/0/organizations/acme/", noOrgScope],
    ["/api/0/organizations/acme/projects/", noOrgScope],
    ["/api/0/organizations/acme/events/?field=count()", noOrgScope],
  ] as const;
  for (const [path, lacking] of rules) {
    expect(await status(path, lacking), path).toBe(403);
    expect(await status(path, org), path).toBe(403);
    for (const other of [noEventScope, noProjectScope, noOrgScope]) {
      if (other !== lacking) expect(await status(path, other), path).toBe(200);
    }
  }
});

test("404 and what lies outside the API", async () => {
  await using sentry = await startSentry(small);
  const gone = "The requested resource does not exist";
  expect(await words(ask(sentry, "/api/0/organizations/other/"))).toEqual([404, gone]);
  expect(await words(ask(sentry, "/api/0/projects/acme/nope/"))).toEqual([404, gone]);
  expect(await words(ask(sentry, "/api/0/issues/1/events/"))).toEqual([404, gone]);
  expect(await words(ask(sentry, "/api/0/nothing/"))).toEqual([404, ""]);
  expect((await ask(sentry, "/api/0/nothing")).text).toContain("did you forget a trailing slash?");
  expect((await ask(sentry, "/organizations/acme/issues/")).headers.get("location")).toBe(
    "/auth/login/acme/",
  );
  const login = await ask(sentry, "/auth/login/acme/");
  expect([login.status, login.headers.get("content-type")]).toEqual([
    200,
    "text/html; charset=utf-8",
  ]);
});

test("a renamed project answers with a redirect that says so", async () => {
  await using sentry = await startSentry(small);
  const { status, headers, text } = await ask(
    sentry,
    "/api/0/projects/acme/web-old/events/?full=1",
  );
  expect([status, headers.get("location")]).toEqual([
    302,
    "/api/0/projects/acme/web/events/?full=1",
  ]);
  expect(JSON.parse(text)).toMatchObject({ slug: "web", detail: { code: "resource-moved" } });
});

test("organisation detail tells the region on saas only", async () => {
  await using saas = await startSentry(small);
  await using own = await startSentry({ ...small, flavor: "self-hosted" });
  const links = async (sentry: typeof saas) =>
    JSON.parse((await ask(sentry, "/api/0/organizations/acme/")).text).links;
  expect(await links(saas)).toEqual({ organizationUrl: saas.url, regionUrl: saas.url });
  expect(await links(own)).toEqual({ organizationUrl: own.url });
});

test("projects come by pages of Sentry's OffsetPaginator", async () => {
  const projects = ["c", "a", "b"].map((slug) => ({ slug, issues: [] }));
  await using sentry = await startSentry({ projects });
  const path = "/api/0/organizations/acme/projects/?per_page=2";
  const first = await ask(sentry, path);
  expect(first.headers.get("link")).toContain('rel="next"; results="true"; cursor="2:1:0"');
  expect(first.headers.get("link")).toContain('rel="previous"; results="false"; cursor="2:-1:1"');
  expect((await allRows(sentry, path)).map(({ slug }) => slug)).toEqual(["a", "b", "c"]);
});

test("issue lists show unresolved ones unless asked with an empty query", async () => {
  await using sentry = await startSentry(small);
  const ids = async (query: string) =>
    (await allRows(sentry, `/api/0/organizations/acme/issues/${query}`)).map(({ id }) => id);
  const all = sentry.issues.map(({ id }) => id);
  expect(new Set(await ids("?query="))).toEqual(new Set(all));
  expect(new Set(await ids(""))).toEqual(new Set([all[0], all[2]]));
  expect(await ids("?query=is:resolved")).toEqual([all[1]]);
  expect(await ids("?query=issue:WEB-2")).toEqual([all[1]]);
  expect(await ids("?query=web-2&shortIdLookup=1")).toEqual([all[1]]);
  expect(new Set(await ids("?query=&sort=new&limit=1"))).toEqual(new Set(all));
});

test("issue lists: the cursor is a score and an offset among equals", async () => {
  await using sentry = await startSentry(small);
  const path = "/api/0/projects/acme/web/issues/?query=&sort=new&limit=2";
  const { headers } = await ask(sentry, path);
  expect(headers.get("link")).toMatch(/rel="next"; results="true"; cursor="\d{13}:2:0"$/);
  expect([headers.get("x-hits"), headers.get("x-max-hits")]).toEqual(["3", "1000"]);
  expect(await words(ask(sentry, "/api/0/projects/acme/web/issues/?statsPeriod=90d"))).toEqual([
    400,
    "Invalid stats_period. Valid choices are '', '24h', and '14d'",
  ]);
  expect(await words(ask(sentry, "/api/0/organizations/acme/issues/?limit=x"))).toEqual([
    400,
    "invalid limit",
  ]);
});

test("short ids work where the path names the organisation", async () => {
  await using sentry = await startSentry(small);
  const { id } = sentry.issues[1]!;
  const get = async (path: string) => JSON.parse((await ask(sentry, path)).text);
  expect(await get("/api/0/organizations/acme/issues/web-2/")).toMatchObject({
    id,
    shortId: "WEB-2",
  });
  expect(await get("/api/0/organizations/acme/shortids/WEB-2/")).toMatchObject({
    groupId: id,
    projectSlug: "web",
  });
  expect((await ask(sentry, "/api/0/issues/WEB-2/")).status).toBe(404);
  expect((await get(`/api/0/issues/${id}/`)).count).toBe("4");
});

test("discover counts by issue, project and window, and refuses what lies outside retention", async () => {
  await using sentry = await startSentry(small);
  const path = "/api/0/organizations/acme/events/?dataset=errors&field=count()";
  const count = async (query: string) =>
    JSON.parse((await ask(sentry, path + query)).text).data[0]["count()"];
  expect(await count("&query=issue:WEB-1")).toBe(5);
  expect(await count("&query=")).toBe(12);
  expect(await count(`&project=${sentry.projects[0]!.id}&query=issue:WEB-3`)).toBe(3);
  const [event] = sentry.events(sentry.issues[0]!.id);
  expect(await count(`&query=issue:WEB-1&start=2020-01-01&end=${event!.time}`)).toBe(4);
  expect(await words(ask(sentry, `${path}&start=2020-01-01&end=2020-01-02`))).toEqual([
    400,
    "Invalid date range. Please try a more recent date range.",
  ]);
  expect(await words(ask(sentry, `${path}&query=issue:WEB-9`))).toEqual([
    400,
    "Invalid value '['WEB-9']' for 'issue:' filter",
  ]);
  await using old = await startSentry({ ...small, flavor: "old" });
  expect(await words(ask(old, path))).toEqual([404, ""]);
});

test("the log tells each request and never the token", async () => {
  await using sentry = await startSentry({ ...small, now: () => 1_767_225_600_000 });
  const path = `/api/0/organizations/acme/issues/${sentry.issues[0]!.id}/events/?full=1`;
  const { text, headers } = await ask(sentry, path);
  await ask(sentry, path, "sntryu_wrong");
  expect(sentry.log).toEqual([
    {
      ...{ method: "GET", path, status: 200, group: "issue-events", at: 1_767_225_600_000 },
      ...{ inFlight: 1, authorized: true, bytes: Buffer.byteLength(text) },
    },
    expect.objectContaining({ status: 401, authorized: false }),
  ]);
  expect(headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT");
  expect(JSON.stringify(sentry.log)).not.toContain("sntryu_");
});

test("the same seed and clock make the same server", async () => {
  const fixed = { ...small, seed: 7, now: () => 1_767_225_600_000 };
  await using one = await startSentry(fixed);
  await using two = await startSentry(fixed);
  expect([...one.events()]).toEqual([...two.events()]);
  expect(one.token).toBe(two.token);
});
