// Bugs that other exporters of Sentry had, each as a test of the built program.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { End } from "@decant/core";
import { type SentryOptions, type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, makeFolder, type Run } from "./support/decant.ts";
import { fingerprintFile, fingerprintServed } from "./support/rows.ts";

interface Exported {
  readonly run: Run;
  readonly sentry: SentrySimulator;
  readonly output: string;
}

/** Exports the first issue of a simulated server. */
async function exportFrom(options: SentryOptions, ...flags: string[]): Promise<Exported> {
  const sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 60 }] }],
    limits: false,
    ...options,
  });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const command = ["export", "sentry", sentry.issues[0]!.id, "-o", "out.ndjson", ...flags];
  const run = await decant(command, { cwd, env });
  await sentry.close();
  return { run, sentry, output: join(cwd, "out.ndjson") };
}

async function expectAll({ run, sentry, output }: Exported): Promise<void> {
  expect(run.stderr).not.toContain("Error");
  expect(run.code).toBe(0);
  expect(await fingerprintFile(output)).toEqual(fingerprintServed(sentry.events()));
}

test.each(["saas", "self-hosted", "old", "glitchtip"] as const)(
  "rows of %s are the events that it has, whole and not none",
  async (flavor) => {
    const exported = await exportFrom({ flavor });
    await expectAll(exported);
    const lines = (await readFile(exported.output, "utf8")).split("\n").filter(Boolean);
    expect(lines).toHaveLength(60);
    for (const line of lines) {
      const { eventID, id, entries } = JSON.parse(line);
      expect(eventID ?? id).toMatch(/^[0-9a-f]{32}$/);
      expect(entries.length).toBeGreaterThan(0);
    }
  },
);

test("a short page in the middle is not the end", async () => {
  await expectAll(await exportFrom({ faults: { shortPages: 0.5 } }));
});

test("a server that ignores the cursor is told of, and not exported ten times over", async () => {
  const { run } = await exportFrom({ faults: { ignoreCursor: true }, retentionDays: 90 });
  expect(run.code).toBe(5);
  expect(run.stderr).toMatch(/PAGE_REPEATED|SENTRY_LOOP/);
});

test("a list that never ends is told of", async () => {
  const { run } = await exportFrom({
    flavor: "glitchtip",
    projects: [{ slug: "web", issues: [{ events: 400, spanSeconds: 1 }] }],
    faults: { endlessPage: true },
  });
  expect(run.code).toBe(5);
  expect(run.stderr).toMatch(/PAGE_REPEATED|SENTRY_LOOP/);
});

test("a limit of 250 is 250, over all page sizes", async () => {
  const projects = [{ slug: "web", issues: [{ events: 400 }] }];
  const { run, output } = await exportFrom({ projects }, "--limit", "250");
  expect(run.code).toBe(0);
  expect(await fingerprintFile(output)).toHaveLength(250);
  const manifest = JSON.parse(await readFile(`${output}.decant`, "utf8"));
  expect(manifest).toMatchObject({ status: "limit", rows: 250 });
});

test("more events in one second than a page holds are all there", async () => {
  const projects = [{ slug: "web", issues: [{ events: 2_300, spanSeconds: 2, tieSeconds: 10 }] }];
  await expectAll(await exportFrom({ projects }));
});

test("the events of resolved issues are there", async () => {
  const sentry = await startSentry({
    projects: [
      {
        slug: "web",
        issues: (["resolved", "ignored", "unresolved"] as const).map((status) => ({
          events: 5,
          status,
        })),
      },
    ],
  });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const run = await decant(["export", "sentry", "-p", "web", "-o", "out.ndjson"], { cwd, env });
  await sentry.close();
  await expectAll({ run, sentry, output: join(cwd, "out.ndjson") });
});

test("a list of issues is asked for by limit, with a query though it is empty", async () => {
  const sentry = await startSentry({ limits: false });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const command = ["export", "sentry", "issues", "events", "-p", "web", "-o", "out"];
  expect((await decant(command, { cwd, env })).code).toBe(0);
  await sentry.close();
  const lists = sentry.log.filter(({ path }) => /\/issues\/\?/.test(path));
  expect(lists.length).toBeGreaterThan(1);
  for (const { path } of lists) {
    const { searchParams } = new URL(path, sentry.url);
    expect(searchParams.get("query"), path).toBe("");
    expect(searchParams.get("limit"), path).toMatch(/^[1-9]\d*$/);
  }
  expect(lists.some(({ path }) => path.includes("limit=100"))).toBe(true);
});

test("what a second holds beyond the 10,000 rows that can be reached is named, with exit code 4", async () => {
  const sentry = await startSentry({ limits: false, explore: { logs: 20 } });
  const time = Math.floor(Date.now() / 1_000) * 1_000 - 3_600_000;
  sentry.addRows("logs", 10_500, { time });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const run = await decant(["export", "sentry", "logs", "-o", "logs.ndjson"], { cwd, env });
  await sentry.close();
  const second = new Date(time).toISOString().replace(".000Z", "Z");
  expect(run.code).toBe(4);
  expect(run.stderr).toContain(`no more than 10000 logs of the second from ${second}`);
  const manifest = JSON.parse(await readFile(join(cwd, "logs.ndjson.decant"), "utf8"));
  expect(manifest).toMatchObject({ status: "partial", rows: 10_020, proof: { holes: 1 } });
  const holes = manifest.slices.filter((slice: { end?: End }) => slice.end?.why === "hole");
  expect(holes).toMatchObject([{ stream: "logs", end: { expected: 10_500, lost: 500 } }]);
});

test("too many requests at once are slowed down, not given up", async () => {
  await expectAll(
    await exportFrom(
      { faults: { tooManyConcurrent: 0.2, maxConsecutive: 2 } },
      "--concurrency",
      "8",
    ),
  );
});

test("pages that shift while they are read lose nothing", async () => {
  const { run, sentry, output } = await exportFrom({ faults: { insertBetweenPages: 3 } });
  expect(run.code).toBe(0);
  const rows = await fingerprintFile(output);
  expect(new Set(rows).size).toBe(rows.length);
  // What arrived meanwhile is newer than the end of the export.
  const { range } = JSON.parse(await readFile(`${output}.decant`, "utf8")).job;
  const inRange = [...sentry.events()].filter(
    ({ time }) => Date.parse(time) < Date.parse(range.to),
  );
  const held = new Set(rows);
  expect(fingerprintServed(inRange).filter((row) => !held.has(row))).toEqual([]);
});

test("a token never follows a link to another origin", async () => {
  const requests: unknown[] = [];
  const stranger = createServer((request, response) => {
    requests.push(request.headers);
    response.end("[]");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => stranger.once("listening", resolve));
  const { port } = stranger.address() as AddressInfo;
  await expectAll(await exportFrom({ faults: { crossOriginLink: `http://127.0.0.1:${port}` } }));
  stranger.close();
  expect(requests).toEqual([]);
});
