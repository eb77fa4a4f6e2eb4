import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { expect, test } from "vitest";
import { decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { type Fingerprint, fingerprintServed } from "./support/rows.ts";

const plugin = fileURLToPath(new URL("../plugins/sink-parquet", import.meta.url));

async function prepare(sentry: SentrySimulator) {
  const cwd = await makeFolder();
  await decantOk(["plugins", "link", plugin], { cwd });
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  return { cwd, env };
}

async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
  const file = await asyncBufferFromFile(path);
  return await parquetReadObjects({ file, compressors });
}

/** All that was exported, as a reader that knows nothing of decant finds it. */
async function fingerprint(paths: readonly string[]): Promise<Fingerprint> {
  const rows = (await Promise.all(paths.map(rowsOf))).flat();
  const encoder = new TextEncoder();
  return fingerprintServed(rows.map(({ raw }) => ({ json: encoder.encode(String(raw)) })));
}

async function parquetFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => path.endsWith(".parquet")).map((path) => join(folder, path));
}

test("the linked sink takes an export with typed columns, and verifies it", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 300 }] }],
    limits: false,
  });
  const options = await prepare(sentry);
  const { stdout } = await decantOk(["sinks"], options);
  expect(stdout.toString()).toMatch(
    /^parquet +Write Parquet files.* exactly once +\(@decant\/sink-parquet\)$/m,
  );
  const issue = sentry.issues[0]!.id;
  await decantOk(["export", "sentry", issue, "--sink", "parquet", "-q"], options);
  const path = join(options.cwd, "events.parquet");
  await decantOk(["verify", "events.parquet.decant", "-q"], options);
  expect(await fingerprint([path])).toEqual(fingerprintServed(sentry.events(issue)));
  const [row] = await rowsOf(path);
  expect(row).toMatchObject({ issue_id: issue, time: expect.any(Date), tags: expect.any(Array) });
});

test.each([
  ["events.parquet", []],
  ["days", ["--parquet-partition", "day", "--parquet-compression", "gzip"]],
] as const)("an export into %s is exact after kills at any instant", async (output, flags) => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 4_000 }] }],
    eventBytes: 1_500,
    limits: false,
  });
  const options = await prepare(sentry);
  const issue = sentry.issues[0]!.id;
  const state = `${output}.decant`;
  const own = ["--parquet-row-group-rows", "150", ...flags];
  const begin = ["export", "sentry", issue, "--sink", "parquet", "-o", output, ...own, "-q"];
  // A kill before there is a state leaves nothing to go on with, and is none of the four.
  for (let kills = 0; kills < 4; ) {
    const begun = (await readdir(options.cwd)).includes(state);
    const { child, ended } = startDecant(begun ? ["resume", state, "-q"] : begin, options);
    const enough = sentry.log.length + 2 + Math.floor(Math.random() * 8);
    while (sentry.log.length < enough && child.exitCode === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const run = await ended;
    expect(run.signal, run.stderr).toBe("SIGKILL");
    if ((await readdir(options.cwd)).includes(state)) kills += 1;
  }
  await decantOk(["resume", state, "-q"], options);
  await decantOk(["verify", state, "-q"], options);
  const path = join(options.cwd, output);
  const paths = output === "days" ? await parquetFilesIn(path) : [path];
  expect(paths.length > 1).toBe(output === "days");
  expect(await fingerprint(paths)).toEqual(fingerprintServed(sentry.events(issue)));
  const names = await readdir(options.cwd, { recursive: true });
  expect(names.filter((name) => /\.part|\.rows|ledger/.test(name))).toEqual([]);
  if (output === "days") return;
  const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path));
  expect(row_groups.map(({ num_rows }) => Number(num_rows)).slice(0, -1)).toEqual(
    Array.from({ length: 26 }, () => 150),
  );
});
