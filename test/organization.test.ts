// A whole organisation, with all that can go wrong on the way.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { limitBreaks, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decantOk, makeFolder } from "./support/decant.ts";
import { fingerprintFile, fingerprintServed } from "./support/rows.ts";

const faults = {
  serverError: 0.005,
  badGateway: 0.005,
  cutBody: 0.005,
  truncatedJson: 0.005,
  reset: 0.005,
  slow: { rate: 0.01, ms: 150 },
  tooMany: 0.001,
  tooManyConcurrent: 0.001,
  snubaThrottle: 0.001,
  queryTimeout400: 0.001,
  duplicateRows: 0.02,
  shortPages: 0.02,
  shuffleTies: true,
};

/** Issues as they are: a few have most of the events. */
function issuesOf(count: number, events: number) {
  const large = Math.ceil(count / 25);
  const inLarge = Math.floor((events * 0.75) / large);
  const inSmall = Math.floor((events - inLarge * large) / (count - large));
  const rest = events - inLarge * large - inSmall * (count - large);
  return Array.from({ length: count }, (_, index) => ({
    events: (index < large ? inLarge : inSmall) + (index === 0 ? rest : 0),
    tieSeconds: index % 7 === 0 ? 600 : 1,
  }));
}

function startOrganization(projects: number, issues: number, events: number) {
  return startSentry({
    projects: Array.from({ length: projects }, (_, index) => ({
      slug: `project-${index + 1}`,
      issues: issuesOf(
        issues / projects,
        Math.floor(events / projects) + (index < events % projects ? 1 : 0),
      ),
    })),
    eventBytes: "tiny",
    clamp: 50,
    rateLimits: { default: { limit: 400, windowSeconds: 1, concurrent: 12 } },
    faults,
  });
}

/** Exports all events of an organisation; gives the most memory that this took, in KiB. */
async function exportAll(sentry: SentrySimulator, cwd: string): Promise<number> {
  const reporter = join(cwd, "report.mjs");
  await writeFile(
    reporter,
    `import { writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`,
  );
  const env = {
    SENTRY_URL: sentry.url,
    SENTRY_ORG: sentry.org,
    SENTRY_AUTH_TOKEN: sentry.token,
    NODE_OPTIONS: `--import=${reporter}`,
    PEAK: join(cwd, "peak"),
  };
  await decantOk(["export", "sentry", "-o", "all.ndjson", "--quiet"], { cwd, env });
  await decantOk(["verify", "all.ndjson.decant", "--quiet"], { cwd, env });
  return Number(await readFile(join(cwd, "peak"), "utf8"));
}

test("12 projects, 3,000 issues and 400,000 events are exported exactly, within the limits, in flat memory", async () => {
  await using small = await startOrganization(12, 300, 20_000);
  const least = await exportAll(small, await makeFolder());

  await using sentry = await startOrganization(12, 3_000, 400_000);
  const cwd = await makeFolder();
  const most = await exportAll(sentry, cwd);

  const rows = await fingerprintFile(join(cwd, "all.ndjson"));
  expect(rows).toHaveLength(400_000);
  expect(rows).toEqual(fingerprintServed(sentry.events()));
  const manifest = JSON.parse(await readFile(join(cwd, "all.ndjson.decant"), "utf8"));
  expect(manifest).toMatchObject({ status: "complete", rows: 400_000 });
  expect(manifest.proof).toMatchObject({ holes: 0, gone: 0, denied: 0, absent: 0 });
  expect(manifest.proof.confirmed.rows).toBeGreaterThan(300_000);
  const statuses = new Set(sentry.log.map(({ status }) => status));
  expect([...statuses]).toEqual(expect.arrayContaining([0, 200, 400, 429, 500, 502]));
  const inARow = [...limitBreaks(sentry.log)].filter(([, { longestRun }]) => longestRun > 1);
  expect(inARow, "no limit is broken twice in a row").toEqual([]);
  expect(most).toBeLessThan(1.5 * least);
}, 600_000);
