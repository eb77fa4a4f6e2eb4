import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decantOk, makeFolder } from "./support/decant.ts";
import { serve } from "./support/serve.ts";

/** Exports so many events and returns the most memory that the program held, in KiB. */
async function peakOf(events: number): Promise<number> {
  await using servers = await serve({
    projects: [{ slug: "web", issues: [{ events }] }],
    eventBytes: 2_000,
    limits: false,
  });
  const { url, org, token, issues } = servers.sentry;
  const cwd = await makeFolder();
  const reporter = join(cwd, "report.mjs");
  await writeFile(
    reporter,
    `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
  );
  const env = {
    SENTRY_URL: url,
    SENTRY_ORG: org,
    SENTRY_AUTH_TOKEN: token,
    NODE_OPTIONS: `--import=${reporter}`,
    PEAK: join(cwd, "peak"),
  };
  const { stdout } = await decantOk(["export", "sentry", issues[0]!.id, "--json", "-q"], {
    cwd,
    env,
  });
  expect(JSON.parse(stdout.toString())).toMatchObject({ status: "complete", rows: events });
  return Number(await readFile(join(cwd, "peak"), "utf8"));
}

test("an export of ten times as many events takes no more memory", async () => {
  const small = await peakOf(20_000);
  const large = await peakOf(200_000);
  expect(large).toBeLessThan(1.2 * small);
}, 300_000);
