import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@decant/sink-postgres/testing";
import { startStore } from "@decant/sink-s3/testing";
import { decantOk, makeFolder, program } from "../support/decant.ts";
import { serve } from "../support/serve.ts";
import { measure, median, ratio } from "./measure.ts";
import { count, type Scale, type Section, seconds, times } from "./report.ts";

/** The sinks of plugins; what is measured of them goes into files, or to servers that are started here. */
const plugins = ["sqlite", "parquet", "csv", "postgres", "s3"];

/** How fast each sink takes the same rows. */
export async function benchSinks({ quick, rounds }: Scale): Promise<Section> {
  const events = quick ? 3_000 : 50_000;
  const cwd = await makeFolder();
  await using postgres = await startPostgres();
  await using store = await startStore();
  const env = {
    HOME: cwd,
    DATABASE_URL: postgres.url,
    AWS_ENDPOINT_URL_S3: store.endpoint,
    ...store.env,
  };
  const input = await makeInput(events, cwd);
  for (const name of plugins) {
    const folder = fileURLToPath(new URL(`../../plugins/sink-${name}`, import.meta.url));
    await decantOk(["plugins", "link", folder], { cwd, env });
  }
  const into = (sink: string, ...where: readonly string[]) => {
    const named = ["--sink", sink, "--state", `${sink}.decant`, "--force", ...where];
    const args = [program, "export", "ndjson", input, "-q", ...named];
    return { command: process.execPath, args, cwd, env };
  };
  const intoFile = (sink: string) => into(sink, "-o", `out.${sink}`);
  const taken = await measure(
    {
      ndjson: intoFile("ndjson"),
      json: intoFile("json"),
      stdout: into("stdout"),
      csv: intoFile("csv"),
      sqlite: intoFile("sqlite"),
      parquet: intoFile("parquet"),
      postgres: into("postgres"),
      s3: into("s3", "-o", `s3://${store.bucket}/events.ndjson`),
    },
    rounds,
  );
  const perSecond = (ms: readonly number[]) => count((events / median(ms)) * 1_000);
  const kilobytes = ((await stat(input)).size / events / 1_000).toFixed(1);
  return {
    title: "Sinks",
    about: `${count(events)} rows of ${kilobytes} KB, from a file: \`decant export ndjson FILE --sink NAME\`, its start included.
postgres and s3 have their servers on the same machine.`,
    table: [
      ["sink", "rows/s", "time", "time / ndjson"],
      ...Object.entries(taken).map(([sink, ms]) => [
        sink,
        perSecond(ms),
        seconds(median(ms)),
        times(ratio(ms, taken.ndjson)),
      ]),
    ],
    targets: [],
  };
}

/** A file of events, as an export left it. */
async function makeInput(events: number, cwd: string): Promise<string> {
  await using servers = await serve({
    projects: [{ slug: "web", issues: [{ events }] }],
    ...{ eventBytes: 2_000, clamp: 100, limits: false },
  });
  const { url, org, token, issues } = servers.sentry;
  const env = { SENTRY_URL: url, SENTRY_ORG: org, SENTRY_AUTH_TOKEN: token };
  const output = join(cwd, "events.ndjson");
  await decantOk(["export", "sentry", issues[0]!.id, "-q", "-o", output], { cwd, env });
  return output;
}
