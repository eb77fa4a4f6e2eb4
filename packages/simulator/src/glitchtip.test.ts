import { expect, test } from "vitest";
import { type Asked, allRows, ask, pages } from "./ask.ts";
import type { SentryOptions } from "./sentry-options.ts";
import { startSentry } from "./start-sentry.ts";

const options: SentryOptions = {
  flavor: "glitchtip",
  projects: [{ slug: "web", issues: [{ events: 130 }, { events: 3 }] }],
};

test("GlitchTip: the header is a Python set, an ended side has no cursor", async () => {
  await using sentry = await startSentry(options);
  const path = `/api/0/issues/${sentry.issues[0]!.id}/events/`;
  const first = await ask(sentry, `${path}?per_page=100`);
  expect(JSON.parse(first.text)).toHaveLength(50);
  const base = `${sentry.url}${path}`.replaceAll(".", "\\.");
  expect(first.headers.get("link")).toMatch(
    new RegExp(
      `^\\{'<${base}\\?per_page=100>; rel="previous"; results="false", ` +
        `<${base}\\?per_page=100&cursor=[^>]+>; rel="next"; results="true"; cursor="[A-Za-z0-9+/=]+"'\\}$`,
    ),
  );
  expect(first.headers.get("x-hits")).toBe("130");
  expect(first.headers.get("x-max-hits")).toBe("1000");
});

test("GlitchTip: the cursor is base64 of a position in Python's form", async () => {
  await using sentry = await startSentry(options);
  const { headers } = await ask(sentry, `/api/0/issues/${sentry.issues[0]!.id}/events/`);
  const cursor = /cursor="([^"]+)"'}$/.exec(headers.get("link") ?? "")?.[1] ?? "";
  const position = new URLSearchParams(Buffer.from(cursor, "base64").toString()).get("p");
  expect(position).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00$/);
});

test("GlitchTip: pages are keyed on arrival, so nothing shifts", async () => {
  await using sentry = await startSentry(options);
  const issue = sentry.issues[0]!.id;
  const expected = [...sentry.events(issue)].map(({ id }) => id);
  const served: unknown[] = [];
  for await (const page of pages(sentry, `/api/0/issues/${issue}/events/?limit=40`)) {
    served.push(...JSON.parse(page.text).map(({ event_id }: { event_id: string }) => event_id));
    sentry.addEvents(issue, 3, { time: Date.now() - 86_400_000 });
  }
  expect(served).toEqual(expected);
});

test("GlitchTip: more than 100 rows of one arrival never end", async () => {
  await using sentry = await startSentry({
    ...options,
    projects: [{ slug: "web", issues: [{ events: 5 }] }],
  });
  const issue = sentry.issues[0]!.id;
  const at = Date.now() - 1_000;
  sentry.addEvents(issue, 400, { time: at, received: at });
  const path = `/api/0/issues/${issue}/events/`;
  const seen = new Set<string>();
  let asked = 0;
  for await (const page of pages(sentry, path)) {
    for (const { event_id } of JSON.parse(page.text)) seen.add(event_id);
    if (++asked === 20) break;
  }
  expect(asked).toBe(20);
  expect(seen.size).toBeLessThan(400);
});

test("GlitchTip: a smaller tie is read to its end", async () => {
  await using sentry = await startSentry({
    ...options,
    projects: [{ slug: "web", issues: [{ events: 5 }] }],
  });
  const issue = sentry.issues[0]!.id;
  sentry.addEvents(issue, 120, { time: 1_000, received: Date.now() - 1_000 });
  const path = `/api/0/issues/${issue}/events/?limit=100`;
  const read: Asked[] = [];
  for await (const page of pages(sentry, path)) read.push(page);
  const ids = read.flatMap(({ text }) => JSON.parse(text).map((row: { id: string }) => row.id));
  expect(ids).toEqual([...sentry.events()].map(({ id }) => id));
});

test("GlitchTip: snake_case rows of issues, camelCase rows of projects, numbers as project ids", async () => {
  await using sentry = await startSentry(options);
  const [ofIssue] = await allRows(sentry, `/api/0/issues/${sentry.issues[0]!.id}/events/`);
  expect(ofIssue).toMatchObject({ project_id: Number(sentry.projects[0]!.id) });
  expect(ofIssue).toHaveProperty("date_received");
  expect(ofIssue).not.toHaveProperty("eventID");
  const [ofProject] = await allRows(sentry, "/api/0/projects/acme/web/events/");
  expect(ofProject).toMatchObject({ projectID: Number(sentry.projects[0]!.id) });
  expect(ofProject).toHaveProperty("dateReceived");
  expect(ofProject).not.toHaveProperty("event.type");
});

test("GlitchTip: time bounds and full are ignored, limit is clamped to 100", async () => {
  await using sentry = await startSentry(options);
  const path = `/api/0/issues/${sentry.issues[0]!.id}/events/`;
  expect(await allRows(sentry, `${path}?start=2020-01-01&end=2020-01-02`)).toHaveLength(130);
  expect(JSON.parse((await ask(sentry, `${path}?limit=500`)).text)).toHaveLength(100);
});

test("GlitchTip: its own paths, and those it lacks", async () => {
  await using sentry = await startSentry(options);
  const { id } = sentry.issues[0]!;
  const status = async (path: string) => (await ask(sentry, path)).status;
  expect(JSON.parse((await ask(sentry, "/api/settings/", null)).text)).toHaveProperty("version");
  expect(await status(`/api/0/issues/${id}/`)).toBe(200);
  expect(await status(`/api/0/organizations/acme/issues/${id}/events/`)).toBe(404);
  expect(await status(`/api/0/organizations/acme/issues/${id}/`)).toBe(405);
  expect(await status("/api/0/organizations/acme/events/?field=count()")).toBe(404);
});

test("GlitchTip: issue lists have other sort names and no default query", async () => {
  await using sentry = await startSentry(options);
  const path = "/api/0/organizations/acme/issues/";
  expect((await ask(sentry, `${path}?sort=new`)).status).toBe(422);
  const issues = await allRows(sentry, `${path}?sort=-first_seen&limit=1`);
  expect(issues.map(({ status }) => status)).toEqual(["unresolved", "resolved"]);
  expect((await ask(sentry, `${path}?cursor=%20`)).status).toBe(422);
});

test("GlitchTip: errors in its own words", async () => {
  await using sentry = await startSentry(options);
  const path = `/api/0/issues/${sentry.issues[0]!.id}/events/`;
  const words = async (address: string, token: string | null) => {
    const { status, text } = await ask(sentry, address, token);
    return [status, JSON.parse(text).detail];
  };
  expect(await words(path, null)).toEqual([401, "Unauthorized"]);
  expect(await words(path, sentry.tokens.expired)).toEqual([401, "Unauthorized"]);
  expect(await words(path, sentry.tokens.noEventScope)).toEqual([403, "Permission denied"]);
  expect(await words("/api/0/issues/1/events/", sentry.token)).toEqual([404, "Not Found"]);
  const projectPath = "/api/0/projects/acme/web/events/";
  expect((await ask(sentry, projectPath, sentry.tokens.noProjectScope)).status).toBe(200);
});
