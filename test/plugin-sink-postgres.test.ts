import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { type PostgresServer, startPostgres } from "@decant/sink-postgres/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { type Fingerprint, fingerprintServed, sha256Of } from "./support/rows.ts";

interface Client {
  connect(): Promise<unknown>;
  query(sql: string): Promise<{ readonly rows: Record<string, unknown>[] }>;
  end(): Promise<void>;
}

const plugin = fileURLToPath(new URL("../plugins/sink-postgres", import.meta.url));
const pg = createRequire(join(plugin, "package.json"))("pg") as {
  Client: new (url: string) => Client;
};
let cwd: string;
let server: PostgresServer;
let database: Client;

beforeAll(async () => {
  cwd = await makeFolder();
  server = await startPostgres();
  database = new pg.Client(server.url);
  await Promise.all([decantOk(["plugins", "link", plugin], { cwd }), database.connect()]);
});

afterAll(async () => {
  await database?.end();
  await server?.stop();
});

function environment(sentry: SentrySimulator): Record<string, string> {
  return {
    ...{ SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token },
    ...{ DATABASE_URL: server.url },
  };
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.query(sql)).rows;
}

async function fingerprintTable(table: string): Promise<Fingerprint> {
  const rows = await query(`SELECT raw::text AS raw FROM ${table}`);
  return rows.map(({ raw }) => sha256Of(new TextEncoder().encode(String(raw)))).sort();
}

async function exists(path: string): Promise<boolean> {
  return await access(join(cwd, path)).then(
    () => true,
    () => false,
  );
}

/** Begins or goes on, and is killed after some more requests. */
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

test("the sink is listed, with its options and the variables of its secrets", async () => {
  const sinks = (await decantOk(["sinks"], { cwd })).stdout.toString();
  expect(sinks).toMatch(
    /^postgres +Fill tables of PostgreSQL, .* once by key +\(@decant\/sink-postgres\)$/m,
  );
  const { stdout } = await decantOk(["sinks", "postgres"], { cwd });
  for (const option of ["--postgres-schema", "--postgres-add", "DATABASE_URL", "PGPASSWORD"]) {
    expect(stdout.toString()).toContain(option);
  }
  expect(stdout.toString()).not.toContain("--postgres-password");
});

test("a table is exact after kills at random instants", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 2_500 }] }],
    eventBytes: 20_000,
    limits: false,
  });
  const flags = ["--sink", "postgres", "-o", "postgres://", "--postgres-schema", "killed", "-q"];
  const begin = ["export", "sentry", sentry.issues[0]!.id, ...flags, "--state", "killed.decant"];
  for (let killed = 0; killed < 6; killed += 1) await killOnce(sentry, begin);
  const options = { cwd, env: environment(sentry) };
  await decantOk(["resume", "killed.decant", "-q"], options);
  await decantOk(["verify", "killed.decant"], options);
  expect(await fingerprintTable("killed.events")).toEqual(fingerprintServed(sentry.events()));
  expect(await query("SELECT finished_at IS NOT NULL AS done FROM killed.decant_runs")).toEqual([
    { done: true },
  ]);
  // The secret is in the environment alone.
  expect(await readFile(join(cwd, "killed.decant"), "utf8")).not.toContain(server.password);
  await query(
    "UPDATE killed.events SET raw = '{}' WHERE row_id = (SELECT min(row_id) FROM killed.events)",
  );
  expect((await decant(["verify", "killed.decant"], options)).code).toBe(7);
}, 60_000);

test("later runs write several streams into the same tables, and into those of others", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 45 }, { events: 3 }] }],
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  const to = ["--sink", "postgres", "-o", "postgres://", "--postgres-prefix", "sentry_"];
  const nightly = ["export", "sentry", "issues", "events", ...to, "--incremental"];
  await decantOk([...nightly, "--state", "nightly.decant"], options);
  sentry.changeRow("issues", sentry.issues[1]!.id, { status: "ignored" });
  sentry.addEvents(sentry.issues[0]!.id, 5, { time: Date.now() - 120_000 });
  const second = await decantOk([...nightly, "--state", "nightly.decant", "--json"], options);
  const { run, streams } = JSON.parse(second.stdout.toString());
  await decantOk(["verify", "nightly.decant"], options);
  const served = fingerprintServed(sentry.events());
  expect(await fingerprintTable("sentry_events")).toEqual(served);
  expect(
    await query("SELECT status, count(*)::int AS n FROM sentry_issues GROUP BY 1 ORDER BY 1"),
  ).toEqual([
    { status: "ignored", n: 1 },
    { status: "unresolved", n: 1 },
  ]);
  expect(await query(`SELECT count(*)::int AS n FROM sentry_issues WHERE run = '${run}'`)).toEqual([
    { n: streams.issues.rows },
  ]);

  const again = ["export", "sentry", sentry.issues[0]!.id, ...to, "-q"];
  const refused = await decant(again, options);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("OUTPUT_EXISTS") });
  await decantOk([...again, "--postgres-add"], options);
  expect(await fingerprintTable("sentry_events")).toEqual(served);
}, 30_000);

test("a password in the output is refused, and is nowhere", async () => {
  await using sentry = await startSentry({ projects: [{ slug: "web", issues: [{ events: 1 }] }] });
  const output = `postgres://postgres:${server.password}@127.0.0.1:${server.port}/postgres`;
  const args = ["export", "sentry", sentry.issues[0]!.id, "--sink", "postgres", "-o", output];
  const state = ["--state", "exposed.decant", "--debug"];
  const { code, stdout, stderr } = await decant([...args, ...state], {
    ...{ cwd, env: environment(sentry) },
  });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining("POSTGRES_PASSWORD_EXPOSED"),
  });
  expect(stdout.toString() + stderr).not.toContain(server.password);
  expect(await exists("exposed.decant")).toBe(false);
});
