// Runs that go on where the last one ended, from the command line and from cron.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { type Fingerprint, fingerprintServed, sha256Of } from "./support/rows.ts";

const hour = 3_600_000;
const small = {
  projects: [{ slug: "web", issues: [{ events: 45 }, { events: 3 }] }],
  limits: false,
};

async function enter(sentry: SentrySimulator) {
  const env = {
    SENTRY_URL: sentry.url,
    SENTRY_ORG: sentry.org,
    SENTRY_AUTH_TOKEN: sentry.token,
  };
  return { cwd: await makeFolder(), env };
}

/** The rows of every file of a stream in a folder. */
async function rowsIn(folder: string, stream: string): Promise<Fingerprint> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stream}-`)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const rows = texts.flatMap((text) => text.split("\n").filter(Boolean));
  return rows.map((row) => sha256Of(new TextEncoder().encode(row))).sort();
}

test("later runs add what is new, late or not, each row once", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  const nightly = ["export", "sentry", "--incremental", "--lookback", "2d"];
  const first = await decantOk(nightly, options);
  expect(first.stderr).toMatch(/^Exported 48 rows .* to events in/m);
  const issue = sentry.issues[0]!.id;
  const now = Date.now();
  sentry.addEvents(issue, 5, { time: now - 2 * 60_000, received: now - 2 * 60_000 });
  sentry.addEvents(issue, 2, { time: now - 20 * hour, received: now });
  const second = await decantOk(nightly, options);
  expect(second.stderr).toMatch(/^Exported 7 rows /m);
  expect(second.stderr).toMatch(/ rows? of earlier runs left out/);
  // An output that such runs write goes on so without the flag, too, with the look-back of before.
  sentry.addEvents(issue, 1, { time: now - 40 * hour, received: now });
  const third = await decantOk(["export", "sentry", "-o", "events"], options);
  expect(third.stderr).toMatch(/^Exported 1 row /m);
  const fourth = await decantOk(
    ["export", "sentry", "-o", "events", "--state", "events.decant"],
    options,
  );
  expect(fourth.stderr).toMatch(/^Exported 0 rows /m);
  const rows = await rowsIn(join(options.cwd, "events"), "events");
  expect(rows).toEqual(fingerprintServed(sentry.events()));
  await decantOk(["verify", "events.decant"], options);
}, 60_000);

test("rows that changed come again, in several streams", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  const nightly = ["export", "sentry", "issues", "events", "--incremental"];
  await decantOk(nightly, options);
  sentry.changeRow("issues", sentry.issues[1]!.id, { status: "ignored" });
  const run = await decantOk([...nightly, "--json"], options);
  expect(JSON.parse(run.stdout.toString()).streams).toMatchObject({
    issues: { rows: 1 },
    events: { rows: 0 },
  });
  expect(await rowsIn(join(options.cwd, "sentry"), "issues")).toHaveLength(3);
}, 60_000);

test("a run that was killed is brought to its end first, by the same command", async () => {
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [{ events: 900 }] }],
    faults: { slow: { rate: 1, ms: 5 } },
  });
  const options = await enter(sentry);
  const nightly = ["export", "sentry", "--incremental", "--concurrency", "1"];
  const { child, ended } = startDecant(nightly, options);
  const begun = async () =>
    (await readFile(join(options.cwd, "events.decant"), "utf8").catch(() => "")).split("\n")
      .length > 2;
  while (!(await begun())) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGKILL");
  await ended;
  const plan = await decantOk([...nightly, "--plan"], options);
  expect(plan.stdout.toString()).toMatch(
    /^state +events\.decant, which is of a run that was cut off/m,
  );
  const run = await decantOk(nightly, options);
  expect(run.stderr).toMatch(/; the run before, which had been cut off$/m);
  expect(run.stderr.match(/^Exported /gm)).toHaveLength(2);
  const rows = await rowsIn(join(options.cwd, "events"), "events");
  expect(rows).toEqual(fingerprintServed(sentry.events()));
}, 60_000);

test("from cron: a second run says that another is at work, all on stderr, and --quiet says nothing", async () => {
  await using sentry = await startSentry({
    ...small,
    projects: [{ slug: "web", issues: [{ events: 900 }] }],
    faults: { slow: { rate: 1, ms: 20 } },
  });
  const options = await enter(sentry);
  const nightly = ["export", "sentry", "--incremental", "--quiet"];
  const { child, ended } = startDecant([...nightly, "--concurrency", "1"], options);
  while (sentry.log.length < 12) await new Promise((resolve) => setImmediate(resolve));
  const second = await decant(nightly, options);
  expect(second).toMatchObject({ code: 2, stdout: Buffer.alloc(0) });
  expect(second.stderr).toMatch(/process \d+ is at work on it\n(.|\n)*Code: STATE_LOCKED/);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130, stdout: Buffer.alloc(0), stderr: "" });
  expect(await decant(nightly, options)).toMatchObject({
    code: 0,
    stdout: Buffer.alloc(0),
    stderr: "",
  });
  const rows = await rowsIn(join(options.cwd, "events"), "events");
  expect(rows).toEqual(fingerprintServed(sentry.events()));
}, 60_000);

test("what did not begin so does not go on so, and a pipe has to say where the state lies", async () => {
  await using sentry = await startSentry(small);
  const options = await enter(sentry);
  await decantOk(["export", "sentry", "-o", "plain"], options);
  const run = await decant(["export", "sentry", "--incremental", "-o", "plain"], options);
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--incremental(.|\n)*STATE_EXISTS/),
  });
  const piped = ["export", "sentry", "--sink", "stdout", "--incremental"];
  expect(await decant(piped, options)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Code: STATE_NEEDED"),
  });
  const lines = async () =>
    (await decantOk([...piped, "--state", "s.decant"], options)).stdout.toString().split("\n")
      .length - 1;
  expect(await lines()).toBe(48);
  expect(await lines()).toBe(0);
}, 60_000);
