import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, startDecant } from "./testing/run-decant.ts";

const events = 2_000;

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "decant-resume-"));
}

function serve(): Promise<SentrySimulator> {
  return startSentry({
    projects: [{ slug: "web", issues: [{ events }] }],
    eventBytes: 5_000,
    limits: false,
  });
}

/** Begins an export and interrupts it once rows were committed. */
async function interrupt(sentry: SentrySimulator, home: string): Promise<void> {
  const issue = sentry.issues[0]!.id;
  const argv = ["export", "sentry", issue, "--url", sentry.url, "--org", sentry.org];
  const child = startDecant(argv, { home, env: { SENTRY_AUTH_TOKEN: sentry.token } });
  const stderr = text(child.stderr!);
  while (sentry.log.length < 25) await new Promise((resolve) => setImmediate(resolve));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(await stderr).toMatch(/Stopped after .* resume events\.ndjson\.decant\n$/);
}

async function rowsOf(path: string): Promise<number> {
  return (await readFile(path, "utf8")).trimEnd().split("\n").length;
}

test("decant resume sends no token where a state leads that was changed or made elsewhere", async () => {
  await using sentry = await serve();
  await using foreign = await serve();
  const home = await newFolder();
  await interrupt(sentry, home);
  const env = { SENTRY_AUTH_TOKEN: sentry.token };
  const state = join(home, "events.ndjson.decant");
  const original = await readFile(state, "utf8");

  await writeFile(state, original.replaceAll(sentry.url, foreign.url));
  const changed = await decant(["resume", "events.ndjson.decant"], { home, env });
  expect(changed).toMatchObject({ stdout: "", code: 3 });
  expect(changed.stderr).toContain("Code: TARGET_UNTRUSTED");
  expect(changed.stderr).toContain(foreign.url);
  expect(foreign.log).toEqual([]);

  await writeFile(state, original.replace(join(home, "events.ndjson"), join(home, ".bashrc")));
  const redirected = await decant(["resume", state, "--url", sentry.url], { home, env });
  expect(redirected.code).toBe(3);
  expect(redirected.stderr).toContain(join(home, ".bashrc"));

  await writeFile(state, original);
  const other = await newFolder();
  const key = { ...env, XDG_STATE_HOME: other };
  expect((await decant(["resume", state], { home, env: key })).code).toBe(3);
  const confirmed = await decant(["resume", state, "--url", sentry.url], { home, env: key });
  expect(confirmed.code).toBe(0);
  expect(await rowsOf(join(home, "events.ndjson"))).toBe(events);
});

test("decant resume goes on, and tells when the output of an ended export is gone", async () => {
  await using sentry = await serve();
  const home = await newFolder();
  await interrupt(sentry, home);
  const env = { SENTRY_AUTH_TOKEN: sentry.token };
  const { stderr, code } = await decant(["resume", "events.ndjson.decant"], { home, env });
  expect({ stderr, code }).toMatchObject({ stderr: expect.stringContaining("Exported"), code: 0 });
  expect(await rowsOf(join(home, "events.ndjson"))).toBe(events);
  expect((await decant(["resume", "events.ndjson.decant"], { home })).code).toBe(0);
  await copyFile(join(home, "events.ndjson.decant"), join(home, "kept.decant"));
  await writeFile(
    join(home, "kept.decant"),
    (await readFile(join(home, "kept.decant"), "utf8")).replace(/events\.ndjson"/, 'gone.ndjson"'),
  );
  const gone = await decant(["resume", "kept.decant"], { home });
  expect(gone.code).toBe(7);
  expect(gone.stderr).toContain("Code: OUTPUT_MISSING");
});

test("decant tells of a process that is at work on the same output, and gives no other advice", async () => {
  await using sentry = await serve();
  const home = await newFolder();
  const env = { SENTRY_AUTH_TOKEN: sentry.token };
  const argv = ["export", "sentry", sentry.issues[0]!.id, "--url", sentry.url, "--org", sentry.org];
  const first = startDecant(argv, { home, env });
  while (sentry.log.length < 20) await new Promise((resolve) => setImmediate(resolve));
  first.kill("SIGSTOP");
  for (const second of [argv, ["resume", "events.ndjson.decant"]]) {
    const { stderr, code } = await decant(second, { home, env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Error: Cannot lock .* is at work on it\n.*\nCode: STATE_LOCKED\n$/);
  }
  first.kill("SIGCONT");
  expect(await once(first, "close")).toEqual([0, null]);
});

test("decant tells that nothing was written when it is interrupted before the first row", async () => {
  await using sentry = await startSentry({ faults: { slow: { rate: 1, ms: 30_000 } } });
  const home = await newFolder();
  const argv = ["export", "sentry", "1", "--url", sentry.url, "--org", sentry.org];
  const child = startDecant(argv, { home, env: { SENTRY_AUTH_TOKEN: sentry.token } });
  const stderr = text(child.stderr!);
  while (sentry.log.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(await stderr).toMatch(
    /\nStopped\. Nothing was written yet: run the same command again\.\n$/,
  );
});

test("decant leaves at the second interrupt, whatever a thread of it waits for", async () => {
  await using sentry = await serve();
  const home = await newFolder();
  execFileSync("sh", ["-c", `mkfifo "$0"`, join(home, "fifo")]);
  const argv = ["export", "sentry", sentry.issues[0]!.id, "--url", sentry.url, "-o", "fifo"];
  const env = { SENTRY_AUTH_TOKEN: sentry.token };
  const child = startDecant([...argv, "--org", sentry.org, "--debug"], { home, env });
  const lines = child.stderr![Symbol.asyncIterator]();
  await lines.next();
  child.kill("SIGINT");
  for (let said = ""; !said.includes("Stopping"); ) said += String((await lines.next()).value);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
});
