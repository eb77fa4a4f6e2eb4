import { once } from "node:events";
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { beforeAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { type Fingerprint, fingerprintServed, sha256Of } from "./support/rows.ts";

const plugin = fileURLToPath(new URL("../plugins/sink-sqlite", import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder();
  await decantOk(["plugins", "link", plugin], { cwd });
});

function environment(sentry: SentrySimulator): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

function query(path: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(cwd, path), { readOnly: true });
  try {
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}

function fingerprintTable(path: string, table: string): Fingerprint {
  const encoder = new TextEncoder();
  return query(path, `SELECT raw FROM ${table}`)
    .map(({ raw }) => sha256Of(encoder.encode(String(raw))))
    .sort();
}

async function exists(path: string): Promise<boolean> {
  return await access(join(cwd, path)).then(
    () => true,
    () => false,
  );
}

/** Begins or goes on, and is killed after some more requests; says what it had written by then. */
async function killOnce(sentry: SentrySimulator, begin: readonly string[]): Promise<void> {
  const args = (await exists("killed.decant")) ? ["resume", "killed.decant", "-q"] : begin;
  const { child, ended } = startDecant(args, { cwd, env: environment(sentry) });
  const requests = sentry.log.length + 3 + Math.floor(Math.random() * 14);
  const reached = async () => {
    while (sentry.log.length < requests) await new Promise((next) => setImmediate(next));
  };
  await Promise.race([reached(), ended]);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  const { code, stderr } = await ended;
  expect(code === null ? "" : stderr).toBe("");
}

test("the sink is listed, with its options", async () => {
  const sinks = (await decantOk(["sinks"], { cwd })).stdout.toString();
  expect(sinks).toMatch(
    /^sqlite +Write a SQLite database, .* once by key +\(@decant\/sink-sqlite\)$/m,
  );
  const { stdout } = await decantOk(["sinks", "sqlite"], { cwd });
  for (const option of ["into", "prefix", "index", "wait"]) {
    expect(stdout.toString()).toContain(`--sqlite-${option}`);
  }
});

test("a database is exact after kills at random instants", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 1_500 }] }],
    eventBytes: 20_000,
    limits: false,
  });
  const issue = sentry.issues[0]!.id;
  const flags = ["--sink", "sqlite", "-o", "killed.sqlite", "--state", "killed.decant", "-q"];
  const begin = ["export", "sentry", issue, ...flags];
  for (let killed = 0; killed < 5; killed += 1) await killOnce(sentry, begin);
  const options = { cwd, env: environment(sentry) };
  await decantOk(["resume", "killed.decant", "-q"], options);
  await decantOk(["verify", "killed.decant"], options);
  expect(fingerprintTable("killed.sqlite", "events")).toEqual(fingerprintServed(sentry.events()));
  expect(query("killed.sqlite", "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  const names = (await readdir(cwd)).filter((name) => name.startsWith("killed.sqlite"));
  expect(names).toEqual(["killed.sqlite"]);
}, 120_000);

test("later runs write several streams into one database", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 45 }, { events: 3 }] }],
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  const nightly = ["export", "sentry", "issues", "events", "--sink", "sqlite", "--incremental"];
  await decantOk(nightly, options);
  sentry.changeRow("issues", sentry.issues[1]!.id, { status: "ignored" });
  sentry.addEvents(sentry.issues[0]!.id, 5, { time: Date.now() - 120_000 });
  const second = await decantOk([...nightly, "--json"], options);
  const { run, streams } = JSON.parse(second.stdout.toString());
  await decantOk(["verify", "sentry.sqlite.decant"], options);
  expect(fingerprintTable("sentry.sqlite", "events")).toEqual(fingerprintServed(sentry.events()));
  const statuses = "SELECT status, count(*) AS n FROM issues GROUP BY 1 ORDER BY 1";
  expect(query("sentry.sqlite", statuses)).toEqual([
    { status: "ignored", n: 1 },
    { status: "unresolved", n: 1 },
  ]);
  const own = query("sentry.sqlite", `SELECT count(*) AS n FROM issues WHERE run = '${run}'`);
  expect(own).toEqual([{ n: streams.issues.rows }]);
}, 60_000);

test("a database of others is left alone, and gets tables where that is asked for", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 20 }] }],
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  const database = new DatabaseSync(join(cwd, "app.db"));
  database.exec("CREATE TABLE events (mine); INSERT INTO events VALUES (1)");
  database.close();
  const command = ["export", "sentry", sentry.issues[0]!.id, "--sink", "sqlite", "-o", "app.db"];
  const refused = await decant([...command, "--force"], options);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("OUTPUT_EXISTS") });
  const into = [...command, "--sqlite-into", "--sqlite-prefix", "sentry_"];
  await decantOk([...into, "--sqlite-index", "release,environment", "--force"], options);
  await decantOk(["verify", "app.db.decant"], options);
  expect(query("app.db", "SELECT * FROM events")).toEqual([{ mine: 1 }]);
  expect(fingerprintTable("app.db", "sentry_events")).toEqual(fingerprintServed(sentry.events()));
  const indexes = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE INDEX%' ORDER BY name";
  expect(query("app.db", indexes).map(({ name }) => name)).toEqual([
    "sentry_events_environment",
    "sentry_events_release",
    "sentry_events_row_time",
  ]);
}, 60_000);
