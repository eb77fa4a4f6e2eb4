import { expect, test } from "vitest";
import { limitBreaks } from "./limit-breaks.ts";
import type { SimulatedSentry } from "./simulate-sentry.ts";
import { simulateSentry } from "./simulate-sentry.ts";
import { startSentry } from "./start-sentry.ts";

const small = { seed: 7, now: () => 1_767_225_600_000, projects: [project(25)] };

function project(events: number) {
  return { slug: "web", issues: [{ events }] };
}

function get(sentry: SimulatedSentry, path: string, init?: RequestInit): Promise<Response> {
  const headers = { authorization: `Bearer ${sentry.token}` };
  return sentry.fetch(sentry.url + path, { headers, ...init });
}

const projects = "/api/0/organizations/acme/projects/";

test("simulateSentry() answers as the server does, byte by byte", async () => {
  const sentry = simulateSentry(small);
  await using server = await startSentry(small);
  const path = `/api/0/organizations/acme/issues/${sentry.issues[0]!.id}/events/?full=true`;
  const [inside, outside] = await Promise.all([
    get(sentry, path),
    fetch(server.url + path, { headers: { authorization: `Bearer ${server.token}` } }),
  ]);
  expect(inside.status).toBe(outside.status);
  expect(inside.url).toBe(sentry.url + path);
  const transport = ["connection", "keep-alive"];
  const headersOf = ({ headers }: Response, origin: string) =>
    [...headers]
      .filter(([name]) => !transport.includes(name))
      .map(([name, value]) => [name, value.replaceAll(origin, "")]);
  expect(headersOf(inside, sentry.url)).toEqual(headersOf(outside, server.url));
  expect(await inside.text()).toBe(await outside.text());
});

test("simulateSentry() counts a request until its body was read, cancelled or aborted", async () => {
  const concurrent = 1;
  const sentry = simulateSentry({ ...small, rateLimits: { projects: { concurrent } } });
  const read = await get(sentry, projects);
  const refused = await get(sentry, projects);
  expect(refused.status).toBe(429);
  expect(sentry.log.at(-1)).toMatchObject({ inFlight: 2, refused: "concurrency" });
  await refused.body?.cancel();
  await read.text();
  const stop = new AbortController();
  expect((await get(sentry, projects, { signal: stop.signal })).status).toBe(200);
  stop.abort();
  expect((await get(sentry, projects)).status).toBe(200);
  expect(sentry.log.at(-1)?.inFlight).toBe(1);
});

test("simulateSentry() breaks connections as promises and bodies that fail", async () => {
  const reset = simulateSentry({ ...small, faults: { reset: 1, maxConsecutive: 1 } });
  await expect(get(reset, projects)).rejects.toThrow(TypeError);
  expect((await get(reset, projects)).status).toBe(200);
  const cut = simulateSentry({ ...small, faults: { cutBody: 1, maxConsecutive: 1 } });
  const response = await get(cut, projects);
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
  expect(reset.log.map(({ status }) => status)).toEqual([0, 200]);
});

test("simulateSentry() is aborted before, and while it waits", async () => {
  const sentry = simulateSentry({ ...small, faults: { slow: { rate: 1, ms: 60_000 } } });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(get(sentry, projects, { signal })).rejects.toThrow("enough");
  const stop = new AbortController();
  const waiting = get(sentry, projects, { signal: stop.signal });
  stop.abort(new Error("too long"));
  await expect(waiting).rejects.toThrow("too long");
});

test("simulateSentry() follows redirects, or not, and reaches no other origin", async () => {
  const sentry = simulateSentry(small);
  const path = "/api/0/projects/acme/web-old/";
  expect(await (await get(sentry, path)).json()).toMatchObject({ slug: "web" });
  expect((await get(sentry, path, { redirect: "manual" })).status).toBe(302);
  await expect(get(sentry, path, { redirect: "error" })).rejects.toThrow("redirect");
  await expect(sentry.fetch("https://sentry.io/api/0/")).rejects.toThrow("fetch failed");
  await sentry.close();
  await expect(get(sentry, path)).rejects.toThrow("fetch failed");
});

test("simulateSentry() takes a Request, another method and HEAD", async () => {
  const sentry = simulateSentry(small);
  const headers = { authorization: `Bearer ${sentry.token}` };
  const request = new Request(sentry.url + projects, { headers });
  expect((await sentry.fetch(request)).status).toBe(200);
  expect((await get(sentry, projects, { method: "post" })).status).toBe(405);
  const head = await get(sentry, projects, { method: "HEAD" });
  expect(head.headers.get("content-length")).not.toBe("0");
  expect(await head.text()).toBe("");
});

test("tiny events are small, and of the oracle's bytes", async () => {
  const sentry = simulateSentry({ ...small, eventBytes: "tiny" });
  const [event] = [...sentry.events()];
  expect(event!.json.byteLength).toBeLessThan(320);
  const { id, projectId, issueId, time } = event!;
  expect(JSON.parse(new TextDecoder().decode(event!.json))).toMatchObject({
    ...{ id, eventID: id, projectID: projectId, groupID: issueId, dateCreated: time },
    ...{ type: "error", entries: [], tags: [] },
  });
});

test("hollow events are the oldest of their issue, and have nothing but their ids", async () => {
  const issues = [{ events: 12, hollow: 3 }];
  const sentry = simulateSentry({ ...small, projects: [{ slug: "web", issues }] });
  const all = [...sentry.events()];
  expect(all.map(({ hollow }) => hollow)).toEqual(Array.from({ length: 12 }, (_, i) => i > 8));
  const path = `/api/0/organizations/acme/issues/${sentry.issues[0]!.id}/events/?full=true&cursor=0:10:0`;
  const rows: unknown[] = await (await get(sentry, path)).json();
  expect(rows).toHaveLength(2);
  expect(rows[1]).toMatchObject({
    ...{ id: all[11]!.id, title: "<unlabeled event>", message: "", entries: [], tags: [] },
    ...{ dateReceived: null, dateCreated: all[11]!.time },
  });
  const glitchtip = simulateSentry({ flavor: "glitchtip", projects: [{ slug: "web", issues }] });
  expect([...glitchtip.events()].some(({ hollow }) => hollow)).toBe(false);
});

test("limitBreaks() counts what the limiter refused, not what faults made up", async () => {
  const rateLimits = { projects: { limit: 2, windowSeconds: 60 } };
  let now = small.now();
  const sentry = simulateSentry({ ...small, now: () => now, rateLimits });
  const ask = async (times: number) => {
    for (let i = 0; i < times; i++) await (await get(sentry, projects)).text();
  };
  await ask(5);
  now += 60_000;
  await ask(4);
  expect(limitBreaks(sentry.log)).toEqual(new Map([["projects", { total: 5, longestRun: 3 }]]));
  const faulty = simulateSentry({ ...small, faults: { tooMany: 1 } });
  expect((await get(faulty, projects)).status).toBe(429);
  expect(limitBreaks(faulty.log).size).toBe(0);
});
