import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder } from "./support/decant.ts";
import { fingerprintFile, fingerprintOutput, fingerprintServed } from "./support/rows.ts";

const faults = {
  serverError: 0.01,
  badGateway: 0.005,
  cutBody: 0.01,
  truncatedJson: 0.01,
  reset: 0.01,
  tooMany: 0.0003,
  tooManyConcurrent: 0.0005,
  duplicateRows: 0.02,
};

/** A server that tells of its limits, so that it is not treated as gently as one without any. */
const wide = { default: { limit: 2_000, windowSeconds: 1, concurrent: 25 } };

function environment(sentry: SentrySimulator): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

test("json, ndjson and stdout hold just what the server has, byte for byte, however it fails", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 20_000 }] }],
    faults,
    rateLimits: wide,
  });
  const issue = sentry.issues[0]!;
  const cwd = await makeFolder();
  const options = { cwd, env: environment(sentry) };
  const served = fingerprintServed(sentry.events(issue.id));
  expect(served).toHaveLength(20_000);
  const command = ["export", "sentry", issue.shortId, "--quiet", "--concurrency", "8"];
  await decantOk([...command, "--sink", "json", "--output", "all.json"], options);
  await decantOk([...command, "--output", "all.ndjson"], options);
  await decantOk([...command, "--output", "all.ndjson.gz"], options);
  const { stdout } = await decantOk([...command, "--sink", "stdout"], options);
  expect(await fingerprintFile(join(cwd, "all.json"))).toEqual(served);
  expect(await fingerprintFile(join(cwd, "all.ndjson"))).toEqual(served);
  expect(await fingerprintFile(join(cwd, "all.ndjson.gz"))).toEqual(served);
  expect(fingerprintOutput(stdout)).toEqual(served);
  await decantOk(["verify", "all.json.decant"], options);
  await decantOk(["verify", "all.ndjson.gz.decant"], options);
  const statuses = new Set(sentry.log.map(({ status }) => status));
  expect([...statuses]).toEqual(expect.arrayContaining([200, 429, 500, 502]));
}, 500_000);

test.each(["saas", "self-hosted", "old", "glitchtip"] as const)(
  "a whole project of %s is exported, while new events arrive",
  async (flavor) => {
    await using sentry = await startSentry({
      flavor,
      projects: [{ slug: "web", issues: [{ events: 300 }, { events: 41 }, { events: 1 }] }],
      faults: { insertBetweenPages: 1 },
    });
    const served = fingerprintServed(sentry.events());
    const cwd = await makeFolder();
    const options = { cwd, env: environment(sentry) };
    await decantOk(["export", "sentry", "--project", "web", "-o", "web.ndjson", "-q"], options);
    const rows = await fingerprintFile(join(cwd, "web.ndjson"));
    expect(new Set(rows).size).toBe(rows.length);
    const held = new Set(rows);
    expect(served.filter((row) => !held.has(row))).toEqual([]);
  },
  60_000,
);

test("a reader that goes away ends the export quietly", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 3000 }] }],
  });
  const cwd = await makeFolder();
  const { startDecant } = await import("./support/decant.ts");
  const { child, ended } = startDecant(
    ["export", "sentry", sentry.issues[0]!.id, "--sink", "stdout"],
    { cwd, env: environment(sentry) },
  );
  child.stdout?.once("data", () => child.stdout?.destroy());
  const { code, stderr } = await ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("EPIPE") });
});

test("the wrong kind of token is refused before anything is written", async () => {
  await using sentry = await startSentry();
  const cwd = await makeFolder();
  const env = { ...environment(sentry), SENTRY_AUTH_TOKEN: sentry.tokens.org };
  const run = await decant(["export", "sentry", sentry.issues[0]!.id], { cwd, env });
  expect(run.code).toBe(3);
  expect(run.stderr).toContain("SENTRY_TOKEN_KIND");
  expect(run.stderr).not.toContain(sentry.tokens.org);
});
