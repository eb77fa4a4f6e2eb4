// Bugs that other exporters of Sentry had in runs that go on with earlier ones, each as a test of the built program.

import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Manifest } from "@decant/pipeline";
import { type SentryOptions, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { type DecantOptions, decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";

const second = 1_000;
const hour = 3_600 * second;
const nightly = ["export", "sentry", "--incremental", "-q"];

interface Place extends DecantOptions {
  readonly env: Readonly<Record<string, string>>;
}

async function start(options: SentryOptions = {}): Promise<SentrySimulator> {
  const projects = [{ slug: "web", issues: [{ events: 45 }, { events: 3 }] }];
  return await startSentry({ eventBytes: "tiny", limits: false, projects, ...options });
}

async function enter(sentry: SentrySimulator, url: string = sentry.url): Promise<Place> {
  const env = { SENTRY_URL: url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  return { cwd: await makeFolder(), env };
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of all runs. */
async function rowsOf(folder: string, stream: string): Promise<Row[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stream}-`)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n").filter(Boolean)).map((row) => JSON.parse(row));
}

async function eventIds({ cwd }: Place): Promise<unknown[]> {
  return (await rowsOf(join(cwd, "events"), "events")).map(({ eventID }) => eventID).sort();
}

function servedIds(sentry: SentrySimulator): string[] {
  return [...sentry.events()].map(({ id }) => id).sort();
}

async function manifestOf({ cwd }: Place, name = "events"): Promise<Manifest> {
  return JSON.parse(await readFile(join(cwd, `${name}.decant`), "utf8"));
}

interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** A server before the simulator that changes its answers. */
async function startProxy(
  sentry: SentrySimulator,
  change: (answer: Response, path: string) => Response | Promise<Response>,
): Promise<Proxy> {
  const server = createServer(async ({ url = "/", headers }, response) => {
    const { authorization = "" } = headers;
    const answer = await fetch(`${sentry.url}${url}`, { headers: { authorization } });
    const changed = await change(answer, url);
    const link = answer.headers.get("link");
    response.writeHead(changed.status, {
      "content-type": "application/json",
      ...(link !== null && { link }),
    });
    response.end(await changed.bytes());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
    },
  };
}

/** Turns a list round, so that the oldest row of a page comes first. */
async function turnRound(answer: Response): Promise<Response> {
  const body: unknown = await answer.json().catch(() => undefined);
  return Response.json(Array.isArray(body) ? body.reverse() : (body ?? {}), {
    status: answer.status,
  });
}

function versionOf(row: Row): string {
  return String(row["version"] ?? row["id"]);
}

test("without a state, the first run begins with all there is", async () => {
  await using sentry = await start();
  const place = await enter(sentry);
  await decantOk(nightly, place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
});

test.each([
  ["an empty state", "", "STATE_CORRUPT"],
  ["a null state", "null", "STATE_CORRUPT"],
  ["a state of an older version", '{"decant":"manifest","version":0}', "STATE_VERSION"],
  [
    "an unfinished state of an older version",
    '{"decant":"journal","version":0}\n{}\n{}\n',
    "STATE_VERSION",
  ],
  ["another program's state", '{"bookmarks":{"events":"1900-01-01"}}', "STATE_CORRUPT"],
])("%s is told of and kept, and --force begins anew", async (_name, text, code) => {
  await using sentry = await start();
  const place = await enter(sentry);
  const state = join(place.cwd, "events.decant");
  await writeFile(state, text);
  const run = await decant(nightly, place);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(`Code: ${code}`) });
  expect(await readFile(state, "utf8")).toBe(text);
  expect(await readdir(place.cwd)).not.toContain("events");
  await decantOk([...nightly, "--force"], place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
});

test("an older row before newer ones does not end a list", async () => {
  await using sentry = await start({ lists: { releases: 250 } });
  await using proxy = await startProxy(sentry, turnRound);
  const place = await enter(sentry, proxy.url);
  const streams = ["events", "issues", "releases"] as const;
  const command = [...nightly, ...streams, "--lookback", "1h", "-o", "events"];
  await decantOk(command, place);
  const { id } = sentry.issues[0]!;
  const time = Date.now() - 2 * 60 * second;
  for (let i = 0; i < 25; i += 1)
    sentry.addEvents(id, 1, { time: time - i * 60 * second, received: time });
  sentry.addRows("releases", 120);
  sentry.addIssue("web", { events: 1, spanSeconds: 60 });
  await decantOk(command, place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
  for (const stream of ["issues", "releases"] as const) {
    const ids = (await rowsOf(join(place.cwd, "events"), stream)).map(versionOf);
    const served = Array.from(sentry.rows(stream), ({ json }) =>
      versionOf(JSON.parse(new TextDecoder().decode(json))),
    );
    expect([...new Set(ids)].sort()).toEqual(served.sort());
  }
});

test("a release that changes between two runs is read again, however old it is", async () => {
  await using sentry = await start({ lists: { releases: 120 } });
  const place = await enter(sentry);
  const command = [...nightly, "releases", "--lookback", "1h"];
  await decantOk(command, place);
  const oldest = [...sentry.rows("releases")].at(-1)!;
  sentry.changeRow("releases", oldest.id, { newGroups: 4711 });
  await decantOk(command, place);
  const { version } = JSON.parse(new TextDecoder().decode(oldest.json));
  const rows = await rowsOf(join(place.cwd, "releases"), "releases");
  expect(rows).toHaveLength(121);
  expect(rows.at(-1)).toMatchObject({ version, newGroups: 4711 });
});

test("events of the boundary second are there, whichever run saw them", async () => {
  await using sentry = await start();
  const place = await enter(sentry);
  const boundary = Math.floor(Date.now() / second) * second - hour;
  const { id } = sentry.issues[0]!;
  const add = (count: number, time: number) =>
    sentry.addEvents(id, count, { time, received: time });
  const runTo = async (time: number) => {
    const to = new Date(time).toISOString().replace(".000Z", "Z");
    await decantOk([...nightly, "--lookback", "1s", "--to", to], place);
    return (await manifestOf(place)).rows;
  };
  add(3, boundary - second);
  add(3, boundary);
  const before = [...sentry.events()].filter(({ time }) => Date.parse(time) < boundary).length;
  expect(await runTo(boundary)).toBe(before);
  // One second late, and just at the end of the run before.
  add(2, boundary - second);
  add(4, boundary);
  expect(await runTo(boundary + second)).toBe(2 + 3 + 4);
  add(5, boundary);
  expect(await runTo(boundary + 2 * second)).toBe(5);
  const ids = await eventIds(place);
  const served = [...sentry.events()].filter(({ time }) => Date.parse(time) < boundary + second);
  expect(ids).toEqual(served.map((event) => event.id).sort());
});

test("a cap is never taken for the end, and moves nothing that later runs rely on", async () => {
  await using sentry = await start();
  const place = await enter(sentry);
  await decantOk([...nightly, "--limit", "20"], place);
  const capped = await manifestOf(place);
  expect(capped).toMatchObject({ status: "limit", rows: 20 });
  expect(capped.series?.covered).toBeUndefined();
  await decantOk(nightly, place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
  const { covered } = (await manifestOf(place)).series!;
  expect(covered).toBeDefined();
  const time = Date.now() - 2 * 60 * second;
  sentry.addEvents(sentry.issues[0]!.id, 30, { time, received: time });
  await decantOk([...nightly, "--limit", "3"], place);
  const again = await manifestOf(place);
  expect(again).toMatchObject({ status: "limit", rows: 3, series: { covered } });
  await decantOk(nightly, place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
});

test("a page that fails leaves the state where it was, and the rest comes with the next run", async () => {
  await using sentry = await start();
  let left = Number.POSITIVE_INFINITY;
  await using proxy = await startProxy(sentry, (answer, path) =>
    path.includes("/events/?full") && left-- <= 0
      ? Response.json({ detail: "Invalid token" }, { status: 401 })
      : answer,
  );
  const place = await enter(sentry, proxy.url);
  await decantOk(nightly, place);
  const { covered } = (await manifestOf(place)).series!;
  const time = Date.now() - 2 * 60 * second;
  sentry.addEvents(sentry.issues[0]!.id, 45, { time, received: time });
  left = 2;
  expect((await decant([...nightly, "--concurrency", "1"], place)).code).toBe(3);
  const journal = (await readFile(join(place.cwd, "events.decant"), "utf8")).split("\n");
  expect(JSON.parse(journal[0]!)).toMatchObject({ decant: "journal", series: { covered } });
  left = Number.POSITIVE_INFINITY;
  await decantOk(nightly, place);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
  expect(Date.parse((await manifestOf(place)).series!.covered!)).toBeGreaterThan(
    Date.parse(covered!),
  );
});

/** At 100 ms a page and a commit each second, a crash costs ten pages at most, and those under way. */
const pages = 40;
const slowly: SentryOptions = {
  projects: [{ slug: "web", issues: [{ events: pages * 10 }] }],
  faults: { slow: { rate: 1, ms: 100 } },
};

test.each<[string, number, string[]]>([
  ["in the middle of a range", 0.6, ["--since", "31d"]],
  ["at 90 % of an export without a start", 0.9, []],
])("a kill %s costs no more than what was not committed", async (_name, share, range) => {
  await using sentry = await start(slowly);
  const place = await enter(sentry);
  const asked = () => sentry.log.filter(({ group }) => group === "issue-events").length;
  const command = [...nightly, sentry.issues[0]!.id, "--concurrency", "1", ...range];
  const { child, ended } = startDecant(command, place);
  while (asked() < pages * share) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  expect((await ended).signal).toBe("SIGKILL");
  await decantOk(["resume", "events.decant", "-q"], place);
  expect(asked() - pages).toBeLessThanOrEqual(15);
  expect(await eventIds(place)).toEqual(servedIds(sentry));
});
