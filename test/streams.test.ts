// Any streams of Sentry from the command line: which ones, where they go, and what it would take.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SentrySimulator, type StreamName, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder } from "./support/decant.ts";
import { fingerprintFile, fingerprintServed } from "./support/rows.ts";

const small = {
  projects: [
    { slug: "web", issues: [{ events: 45 }, { events: 3 }] },
    { slug: "api", issues: [{ events: 8 }] },
  ],
  limits: false,
};

async function enter(sentry: SentrySimulator, token = sentry.token) {
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: token };
  return { cwd: await makeFolder(), env };
}

const asJson = (text: Buffer) => JSON.parse(text.toString());

test("several streams become a folder with a file each, which verifies", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  const run = await decantOk(["export", "sentry", "projects", "events", "teams"], options);
  expect(run.stderr).toMatch(/^ {2}events +56 rows/m);
  expect(run.stderr).toMatch(
    /^Proof: [1-9]\d* of 62 rows confirmed by the server's own count, no /m,
  );
  const files = ["events.ndjson", "projects.ndjson", "teams.ndjson"];
  expect((await readdir(join(options.cwd, "sentry"))).sort()).toEqual(files);
  const events = await fingerprintFile(join(options.cwd, "sentry", "events.ndjson"));
  expect(events).toEqual(fingerprintServed(sentry.events()));
  for (const name of ["projects", "teams"] satisfies StreamName[]) {
    const rows = await fingerprintFile(join(options.cwd, "sentry", `${name}.ndjson`));
    expect(rows).toHaveLength([...sentry.rows(name)].length);
  }
  await decantOk(["verify", "sentry.decant"], options);
  const again = await decant(["export", "sentry", "teams", "projects", "events"], options);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("Code: STATE_EXISTS") });
});

test("one stream is a file, in a folder where one is named", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  await decantOk(["export", "sentry", "teams"], options);
  await decantOk(["export", "sentry", "teams", "-o", "out/", "--sink", "json"], options);
  expect(await readdir(options.cwd)).toEqual(expect.arrayContaining(["teams.ndjson"]));
  expect((await readdir(join(options.cwd, "out"))).sort()).toEqual([
    "teams.json",
    "teams.json.decant",
  ]);
});

test("words are streams or issues, and only some streams belong to issues", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  const [first, second] = sentry.issues;
  const args = ["export", "sentry", "issues", first!.shortId, "events", "--issue", second!.id];
  const manifest = asJson((await decantOk([...args, "--json"], options)).stdout);
  const expected = [...sentry.events(first!.id), ...sentry.events(second!.id)].length;
  expect(manifest.streams).toMatchObject({ events: { rows: expected }, issues: { rows: 2 } });
  const wrong: [string[], RegExp][] = [
    [["teams", first!.id], /"teams" of single issues(.|\n)*read events, issues/],
    [["evnts"], /Did you mean "events"\?(.|\n)*STREAM_UNKNOWN/],
    [["events", "issues", "--sink", "stdout"], /--sink: json, ndjson/],
    [["events", "--lookback", "2d"], /Add --incremental/],
    [["events", "--max-duration", "0s"], /DURATION_INVALID/],
  ];
  for (const [words, message] of wrong) {
    const run = await decant(["export", "sentry", ...words], options);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  }
}, 60_000);

test("all takes what the token may read, and lists the rest; by name it is an error", async () => {
  await using sentry = await startSentry({ ...small, disabled: ["monitors"] });
  const options = await enter(sentry, sentry.tokens.noProjectScope);
  const run = await decantOk(["export", "sentry", "all", "--since", "30d", "-o", "all"], options);
  expect(run.stderr).toMatch(/^The token may not read .*\breleases\b.*\bproject-keys\b/m);
  expect(run.stderr).toMatch(/^The server does not have .*\bmonitors\b/m);
  const files = await readdir(join(options.cwd, "all"));
  expect(files).toEqual(expect.arrayContaining(["events.ndjson", "teams.ndjson"]));
  expect(files).not.toContain("releases.ndjson");
  await decantOk(["verify", "all.decant"], options);
  expect((await decant(["export", "sentry", "releases"], options)).code).toBe(3);
}, 60_000);

test("--plan shows what it would take, and leaves nothing behind", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  const run = await decantOk(["export", "sentry", "events", "teams", "--plan"], options);
  expect(run.stdout.toString()).toMatch(/^events +\d+ +~56 +~\d+ /m);
  expect(run.stdout.toString()).toMatch(/^state +sentry\.decant, which is new$/m);
  const plan = asJson((await decantOk(["export", "sentry", "--plan", "--json"], options)).stdout);
  expect(plan).toMatchObject({
    streams: [{ stream: "events", rows: 56 }],
    output: join(options.cwd, "events.ndjson"),
    next: "first",
  });
  expect((await readdir(options.cwd)).filter((name) => name !== ".home")).toEqual([]);
  const lacking = await enter(sentry, sentry.tokens.noProjectScope);
  const hindered = await decant(["export", "sentry", "teams", "releases", "--plan"], lacking);
  expect(hindered.code).toBe(3);
  expect(hindered.stdout.toString()).toMatch(/^releases .*project:read/m);
  expect((await decant(["export", "sentry", "all", "--plan"], lacking)).code).toBe(0);
}, 60_000);

test("--max-duration ends a wait for a rate limit, and resume makes it whole", async () => {
  let ahead = 0;
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 140 }] }],
    rateLimits: { "issue-events": { limit: 10, windowSeconds: 300 } },
    now: () => Date.now() + ahead,
  });
  const options = await enter(sentry);
  const [issue] = sentry.issues;
  const args = ["export", "sentry", issue!.id, "--max-duration", "3s"];
  const run = await decant(args, options);
  expect(run).toMatchObject({ code: 4, stderr: expect.stringContaining("The time is over") });
  expect(run.stderr).toMatch(/ resume events\.ndjson\.decant\n$/);
  const still = await decant(["resume", "events.ndjson.decant", "--max-duration", "1s"], options);
  expect(still.code).toBe(4);
  ahead = 7_200_000;
  await decantOk(["resume", "events.ndjson.decant"], {
    ...options,
    env: { ...options.env, DECANT_MAX_DURATION: "1h" },
  });
  const rows = await fingerprintFile(join(options.cwd, "events.ndjson"));
  expect(rows).toEqual(fingerprintServed(sentry.events(issue!.id)));
}, 120_000);

test("decant streams lists what there is, and all about one", async () => {
  const cwd = await makeFolder();
  const list = asJson((await decantOk(["streams", "--json"], { cwd })).stdout);
  const text = (await decantOk(["streams"], { cwd })).stdout.toString();
  for (const { name } of list) expect(text).toMatch(new RegExp(`^${name} `, "m"));
  expect(list.length).toBeGreaterThan(40);
  const one = (await decantOk(["streams", "issues"], { cwd })).stdout.toString();
  expect(one).toMatch(/^path +\/api\/0\/organizations\/\{org\}\/issues\/$/m);
  expect(asJson((await decantOk(["streams", "issues", "--json"], { cwd })).stdout)).toMatchObject({
    name: "issues",
    parents: ["projects"],
    scope: "event:read",
  });
  expect((await decant(["streams", "isues"], { cwd })).stderr).toContain('Did you mean "issues"?');
});

test("settings of sentry-cli are honoured: server, organisation, headers, tries", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  const lines = [
    `defaults.url=${sentry.url}`,
    `auth.token=${sentry.token}`,
    "defaults.project=acme/api",
    "defaults.custom_header=X-Proxy: hunter2",
  ];
  await writeFile(join(cwd, "sentry.properties"), lines.join("\n"));
  const env = { SENTRY_PROPERTIES: "sentry.properties", SENTRY_HTTP_MAX_RETRIES: "3" };
  const run = await decantOk(["export", "sentry", "--debug"], { cwd, env });
  expect(run.stderr).toContain("8 rows");
  expect(run.stderr + (await readFile(join(cwd, "events.ndjson.decant"), "utf8"))).not.toMatch(
    /hunter2|sntryu_/,
  );
  const wrong = { ...env, SENTRY_HTTP_MAX_RETRIES: "many" };
  expect(await decant(["export", "sentry", "-f"], { cwd, env: wrong })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Code: CONFIG_INVALID"),
  });
});
