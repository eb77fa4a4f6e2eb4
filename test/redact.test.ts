import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";

const hashKey = "3f".repeat(32);
const decoder = new TextDecoder();

function environment(sentry: SentrySimulator): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
}

async function readRows(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

interface Event {
  readonly eventID: string;
  readonly user: Record<string, unknown> | null;
  readonly tags: readonly { readonly key: string }[];
}

function redacted(json: string) {
  const { eventID, user, tags } = JSON.parse(json) as Event;
  const rest = user && { ...user };
  if (rest) {
    delete rest["email"];
    const hash = createHmac("sha256", hashKey).update(JSON.stringify(rest["id"])).digest("hex");
    if ("id" in rest) rest["id"] = `hmac-sha256:${hash}`;
  }
  const kept = tags.map((tag) => (tag.key === "release" ? tag : {}));
  return { eventID, user: rest, tags: kept };
}

test("an export leaves out, hashes and selects what it was told to, and proves that", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 250 }, { events: 30 }] }],
  });
  const cwd = await makeFolder();
  const env = { ...environment(sentry), DECANT_HASH_KEY: hashKey };
  const paths = ["--drop", "user.email", "--drop", "user.emial", "--hash", "user.id"];
  const selected = ["--select", "eventID", "--select", "user", "--select", "tags.release"];
  const { stderr } = await decantOk(
    ["export", "sentry", "-p", "web", "-o", "web.ndjson", ...paths, ...selected],
    { cwd, env },
  );
  const served = Array.from(sentry.events(), ({ json }) => decoder.decode(json));
  const byId = (rows: readonly Record<string, unknown>[]) =>
    [...rows].sort((a, b) => (String(a["eventID"]) < String(b["eventID"]) ? -1 : 1));
  expect(served.some((json) => JSON.parse(json).user?.email)).toBe(true);
  expect(byId(await readRows(join(cwd, "web.ndjson")))).toEqual(byId(served.map(redacted)));
  expect(stderr).toContain("without user.email, user.emial; with a hash for user.id; of each row");
  expect(stderr).toContain("- drop user.emial: no row has that");
  const state = await readFile(join(cwd, "web.ndjson.decant"), "utf8");
  expect(state).not.toContain(hashKey);
  expect(state).not.toContain(sentry.token);
  expect(JSON.parse(state)).toMatchObject({ rows: 280, matches: { "select eventID": 280 } });
  await decantOk(["verify", "web.ndjson.decant"], { cwd, env });
}, 60_000);

test("a redaction that makes no sense is refused before the server is asked", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 1 }] }],
  });
  const cwd = await makeFolder();
  const env = environment(sentry);
  const command = ["export", "sentry", "-p", "web", "-o", "web.ndjson", "--hash", "user.id"];
  const missing = await decant(command, { cwd, env });
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("openssl rand -hex 32"),
  });
  const short = await decant(command, { cwd, env: { ...env, DECANT_HASH_KEY: "secret" } });
  expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining("HASH_KEY_SHORT") });
  expect(short.stderr).not.toContain("secret");
  const invalid = await decant([...command, "--drop", "a..b"], { cwd, env });
  expect(invalid).toMatchObject({ code: 2, stderr: expect.stringContaining("PATH_INVALID") });
  expect(sentry.log).toEqual([]);
}, 60_000);

test("an interrupted export goes on with the key that it was begun with, and no other", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 900 }] }],
    faults: { slow: { rate: 1, ms: 5 } },
    limits: false,
  });
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  const keyed = (key: string) => ({ ...options, env: { ...options.env, DECANT_HASH_KEY: key } });
  const command = ["export", "sentry", sentry.issues[0]!.id, "--hash", "user", "--drop", "no"];
  const { child, ended } = startDecant(command, keyed(hashKey));
  while (sentry.log.length < 20) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 130 });
  const resume = ["resume", "events.ndjson.decant"];
  for (const [run, message] of [
    [await decant(resume, options), "HASH_KEY_MISSING"],
    [await decant(resume, keyed("4a".repeat(32))), "its values are hashed with another key"],
  ] as const) {
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  }
  const { stderr } = await decantOk(resume, keyed(hashKey));
  expect(stderr).toContain("without no; with a hash for user");
  expect(stderr).toContain("- drop no: no row has that");
  const rows = await readRows(join(options.cwd, "events.ndjson"));
  expect(rows).toHaveLength(900);
  for (const { user } of rows) expect(user).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
}, 60_000);
