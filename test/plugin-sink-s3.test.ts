import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { type LocalStore, startStore } from "@decant/sink-s3/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { fingerprintOutput, fingerprintServed } from "./support/rows.ts";

const plugin = fileURLToPath(new URL("../plugins/sink-s3", import.meta.url));
let store: LocalStore;
let cwd: string;

beforeAll(async () => {
  [store, cwd] = await Promise.all([startStore(), makeFolder()]);
  await decantOk(["plugins", "link", plugin], { cwd });
});
afterAll(() => store[Symbol.asyncDispose]());

function environment(sentry: SentrySimulator): Record<string, string> {
  return {
    ...store.env,
    AWS_ENDPOINT_URL_S3: store.endpoint,
    SENTRY_URL: sentry.url,
    SENTRY_ORG: sentry.org,
    SENTRY_AUTH_TOKEN: sentry.token,
  };
}

/** Small numbers that differ from run to run are all that is needed here. */
function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}

/** The size of a file in bytes; 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

test("an object is exact after kills at random instants, and nothing else is left", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 2000 }] }],
    eventBytes: 30_000,
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  const state = join(cwd, "killed.decant");
  const output = `s3://${store.bucket}/killed/events.ndjson`;
  const issue = sentry.issues[0]!.id;
  const flags = ["--sink", "s3", "--s3-part-size", "5", "-o", output, "--state", state, "-q"];
  const begin = ["export", "sentry", issue, ...flags];
  let parts = 0;
  for (let killed = 0; killed < 5; killed += 1) {
    const before = await sizeOf(state);
    const { child, ended } = startDecant(before > 0 ? ["resume", state, "-q"] : begin, options);
    // Soon after a commit, at times before the next one has ended, at times far into it.
    const reached = async () => {
      while ((await sizeOf(state)) <= before) await new Promise((next) => setImmediate(next));
      const requests = sentry.log.length + below(6);
      while (sentry.log.length < requests) await new Promise((next) => setImmediate(next));
    };
    await Promise.race([reached(), ended]);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const { code, stderr } = await ended;
    expect(code === null ? "" : stderr).toBe("");
    parts = Math.max(parts, (await store.list("killed/")).uploads.length);
  }
  // Else no kill came while there were parts, and the test would say nothing.
  expect(parts).toBe(1);
  await decantOk(["resume", state, "-q"], options);
  await decantOk(["verify", state, "-o", output], options);
  const bytes = Buffer.from(await store.read("killed/events.ndjson"));
  expect(fingerprintOutput(bytes)).toEqual(fingerprintServed(sentry.events(issue)));
  expect(await store.list("killed/")).toEqual({ keys: ["killed/events.ndjson"], uploads: [] });
}, 120_000);

test("s3 is listed, takes streams and nightly runs into a folder, and verifies them", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 40 }] }],
    limits: false,
  });
  const options = { cwd, env: environment(sentry) };
  expect((await decantOk(["sinks"], options)).stdout.toString()).toMatch(
    /^s3 +Write one JSON value a line into objects .*\(@decant\/sink-s3\)$/m,
  );
  expect((await decantOk(["sinks", "s3"], options)).stdout.toString()).toContain("--s3-endpoint");
  const state = join(cwd, "nightly.decant");
  const output = `s3://${store.bucket}/nightly`;
  const flags = ["--sink", "s3", "--s3-gzip", "-o", output, "--state", state, "-q"];
  for (let run = 0; run < 2; run += 1) {
    await decantOk(["export", "sentry", "events", "issues", "--incremental", ...flags], options);
    await decantOk(["verify", state], options);
  }
  const { keys, uploads } = await store.list("nightly/");
  expect(keys[0]).toMatch(/^nightly\/events-\d{8}T\d{6}Z-[0-9a-f]{8}\.ndjson\.gz$/);
  expect(uploads).toEqual([]);
});

test("s3 says in plain words what is wrong, and shows no secret", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 4 }] }],
    limits: false,
  });
  const env = environment(sentry);
  const command = ["export", "sentry", sentry.issues[0]!.id, "--sink", "s3", "-q", "-o"];
  const fails = async (output: string, more: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await decant([...command, output], { cwd, env: { ...env, ...more } });
    expect(stderr).not.toContain(store.env["AWS_SECRET_ACCESS_KEY"]);
    return { code, stderr };
  };
  expect(await fails("s3://no-such-bucket/x.ndjson")).toEqual({
    code: 2,
    stderr: expect.stringMatching(/there is no such bucket\n.*\nCode: S3_BUCKET_MISSING\n/s),
  });
  const wrong = await fails(`s3://${store.bucket}/x.ndjson`, { AWS_SECRET_ACCESS_KEY: "wrong" });
  expect(wrong).toEqual({ code: 3, stderr: expect.stringContaining("S3_CREDENTIALS_REFUSED") });
  expect(await fails("-")).toEqual({
    code: 2,
    stderr: expect.stringContaining("--output s3://BUCKET/NAME.ndjson.gz"),
  });
});
