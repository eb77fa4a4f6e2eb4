import { once } from "node:events";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { beforeAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { type Fingerprint, fingerprintServed, sha256Of } from "./support/rows.ts";

const plugin = fileURLToPath(new URL("../plugins/sink-csv", import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await makeFolder();
  await decantOk(["plugins", "link", plugin], { cwd });
});

function environment(sentry: SentrySimulator): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(join(cwd, path));
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

/** The rows of a table with the columns row_id and raw: each is on a line, as JSON has no other. */
async function fingerprintRaw(path: string): Promise<Fingerprint> {
  const [header, ...lines] = (await textOf(path)).split("\r\n");
  expect(header).toBe("row_id,raw");
  expect(lines.pop()).toBe("");
  const encoder = new TextEncoder();
  return lines
    .map((line) => {
      const [, json] = /^[^,"]+,"(.*)"$/.exec(line) ?? [];
      if (json === undefined) throw new Error(`no record: ${line.slice(0, 80)}`);
      return sha256Of(encoder.encode(json.replaceAll('""', '"')));
    })
    .sort();
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

test("the sink is listed, with its options", async () => {
  const sinks = (await decantOk(["sinks"], { cwd })).stdout.toString();
  expect(sinks).toMatch(/^csv +Write a CSV table, .* exactly once +\(@decant\/sink-csv\)$/m);
  const { stdout } = await decantOk(["sinks", "csv"], { cwd });
  for (const option of ["columns", "raw", "delimiter", "bom", "guard", "gzip"]) {
    expect(stdout.toString()).toContain(`csv-${option}`);
  }
});

test("a table is exact after kills at random instants", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 1_500 }] }],
    eventBytes: 20_000,
    limits: false,
  });
  const issue = sentry.issues[0]!.id;
  const flags = ["--sink", "csv", "-o", "killed.csv.gz", "--state", "killed.decant", "-q"];
  const begin = ["export", "sentry", issue, ...flags, "--csv-columns", "row_id", "--csv-raw"];
  for (let killed = 0; killed < 5; killed += 1) await killOnce(sentry, begin);
  const options = { cwd, env: environment(sentry) };
  await decantOk(["resume", "killed.decant", "-q"], options);
  await decantOk(["verify", "killed.decant"], options);
  expect(await fingerprintRaw("killed.csv.gz")).toEqual(fingerprintServed(sentry.events()));
  const names = (await readdir(cwd)).filter((name) => name.startsWith("killed.csv"));
  expect(names).toEqual(["killed.csv.gz"]);
}, 120_000);

test("each stream gets a table with its own columns, and verify says what it needs", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 30 }, { events: 3 }] }],
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  await decantOk(
    ["export", "sentry", "issues", "events", "--sink", "csv", "-o", "tables"],
    options,
  );
  expect((await readdir(join(cwd, "tables"))).sort()).toEqual(["events.csv", "issues.csv"]);
  expect(await textOf("tables/events.csv")).toMatch(/^row_id,row_time,event_id,project_id,/);
  const issues = await textOf("tables/issues.csv");
  expect(issues).toMatch(/^row_id,row_time,id,short_id,/);
  for (const { id } of sentry.issues) expect(issues).toContain(id);
  const verify = await decant(["verify", "tables.decant"], options);
  expect(verify).toMatchObject({ code: 2, stderr: expect.stringContaining("--csv-raw") });
}, 60_000);
