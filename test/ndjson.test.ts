import { once } from "node:events";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";
import { fingerprintFile, fingerprintServed } from "./support/rows.ts";

/** Kills a run as soon as its state holds rows. */
async function killOnceCommitted(args: readonly string[], cwd: string, state: string) {
  const { child, ended } = startDecant(args, { cwd });
  let journal = "";
  while (!/"rows":[1-9]/.test(journal) && child.exitCode === null) {
    journal = await readFile(join(cwd, state), "utf8").catch(() => "");
  }
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect((await ended).signal).toBe("SIGKILL");
}

test("what was exported from Sentry comes out of its file byte for byte, killed in between", async () => {
  await using sentry = await startSentry({
    projects: [{ slug: "web", issues: [{ events: 1_500 }] }],
    eventBytes: 20_000,
    limits: false,
  });
  const issue = sentry.issues[0]!;
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const first = ["export", "sentry", issue.id, "-o", "all.ndjson.gz", "-q"];
  await decantOk(first, { cwd, env });
  const requests = sentry.log.length;

  const args = ["export", "ndjson", "all.ndjson.gz", "-s", "json", "-o", "all.json", "-q"];
  await killOnceCommitted(args, cwd, "all.json.decant");
  await expect(stat(join(cwd, "all.json"))).rejects.toThrow("ENOENT");
  await decantOk(["resume", "all.json.decant", "-q"], { cwd });
  await decantOk(["verify", "all.json.decant"], { cwd });
  const served = fingerprintServed(sentry.events(issue.id));
  expect(await fingerprintFile(join(cwd, "all.json"))).toEqual(served);

  // And back: the lines of the array are those of the first file, in their order.
  await decantOk(["export", "ndjson", "all.json", "-o", "back.ndjson", "-q"], { cwd });
  const lines = gunzipSync(await readFile(join(cwd, "all.ndjson.gz")));
  expect((await readFile(join(cwd, "back.ndjson"))).equals(lines)).toBe(true);
  expect(sentry.log).toHaveLength(requests);
}, 120_000);

test("rows of a file have the keys of a direct export", async () => {
  await using sentry = await startSentry({ projects: [{ slug: "web", issues: [{ events: 50 }] }] });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  await decantOk(["export", "sentry", "--project", "web", "-q"], { cwd, env });
  await decantOk(["export", "ndjson", "events.ndjson", "-o", "copy.ndjson", "-q"], { cwd });
  const [direct, copied] = await Promise.all(
    ["events.ndjson.decant", "copy.ndjson.decant"].map(async (name) => {
      const manifest = JSON.parse(await readFile(join(cwd, name), "utf8"));
      const { first, last, digest, idDigest } = manifest.streams.events;
      return { rows: manifest.rows, bytes: manifest.bytes, first, last, digest, idDigest };
    }),
  );
  // Of all ids there is a digest, of the first and the last row the time.
  expect(copied).toEqual(direct);
});

test("a resume refuses a file that changed, and goes on when it is put back", async () => {
  const cwd = await makeFolder();
  const file = join(cwd, "in.ndjson");
  const line = `{"text":"${"x".repeat(1_000)}"}\n`;
  await writeFile(file, line.repeat(60_000));
  await killOnceCommitted(["export", "ndjson", file, "-o", "out.ndjson"], cwd, "out.ndjson.decant");
  await rename(file, `${file}.kept`);
  const missing = await decant(["resume", "out.ndjson.decant"], { cwd });
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("NDJSON_FILE_MISSING"),
  });
  await writeFile(file, line);
  const changed = await decant(["resume", "out.ndjson.decant"], { cwd });
  expect(changed).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("NDJSON_FILE_CHANGED"),
  });
  await rename(`${file}.kept`, file);
  await decantOk(["resume", "out.ndjson.decant"], { cwd });
  expect((await readFile(join(cwd, "out.ndjson"))).equals(await readFile(file))).toBe(true);
});

test("export ndjson says which line is damaged, and what cannot be done", async () => {
  const cwd = await makeFolder();
  await mkdir(join(cwd, "folder"));
  await writeFile(join(cwd, "in.ndjson"), '{"id":1}\n{"id":2');
  const cases = [
    [["in.ndjson"], 5, 'line 2 of ".*in.ndjson": it is cut off\n.*\nCode: NDJSON_LINE_MALFORMED'],
    [["none.ndjson"], 2, "Code: NDJSON_FILE_MISSING"],
    [["folder"], 5, "Code: NDJSON_FILE_UNREADABLE"],
    [["-"], 2, "Code: NDJSON_OPTION_INVALID"],
    [["in.ndjson", "-o", "./folder/../in.ndjson", "-f"], 2, "Code: OUTPUT_IS_INPUT"],
    [["in.ndjson", "--id", "a..b"], 2, "Code: OPTION_INVALID"],
    [["in.ndjson", "--id", "key"], 5, "Code: NDJSON_ID_MISSING"],
    [["in.ndjson", "--stream", "../up"], 2, "Code: OPTION_INVALID"],
  ] as const;
  for (const [args, code, stderr] of cases) {
    const run = await decant(["export", "ndjson", ...args], { cwd });
    expect({ args, code: run.code, stderr: run.stderr }).toEqual({
      args,
      code,
      stderr: expect.stringMatching(stderr),
    });
  }
  expect(await readFile(join(cwd, "in.ndjson"), "utf8")).toBe('{"id":1}\n{"id":2');
});

test("export ndjson reads several files in their order, and tells of one that is not whole", async () => {
  await using sentry = await startSentry({ projects: [{ slug: "web", issues: [{ events: 50 }] }] });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const some = ["export", "sentry", "--project", "web", "--limit", "7", "-o", "some.ndjson", "-q"];
  await decantOk(some, { cwd, env });
  await writeFile(join(cwd, "more.jsonl"), "[1.0]\r\n\n 9007199254740993");
  const args = ["export", "ndjson", "more.jsonl", "some.ndjson", "--sink", "stdout"];
  const { stdout, stderr } = await decantOk(args, { cwd });
  const seven = await readFile(join(cwd, "some.ndjson"), "utf8");
  expect(stdout.toString()).toBe(`[1.0]\n9007199254740993\n${seven}`);
  expect(stderr).toContain("some.ndjson ended at a limit, see its manifest");
});

test("a file of a folder is of the stream that it is named after", async () => {
  await using sentry = await startSentry({ projects: [{ slug: "web", issues: [{ events: 5 }] }] });
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: sentry.token };
  const direct = ["export", "sentry", "issues", "releases", "-q"];
  await decantOk([...direct, "-o", "all"], { cwd, env });
  await decantOk([...direct, "-o", "later", "--incremental"], { cwd, env });
  const later = (await readdir(join(cwd, "later"))).find((name) => name.startsWith("releases-"));
  for (const file of ["all/releases.ndjson", `later/${later}`]) {
    await decantOk(["export", "ndjson", file, "-o", "copy.ndjson", "--force", "-q"], { cwd });
    const [copied, exported] = await Promise.all(
      ["copy.ndjson.decant", "all.decant"].map(async (name) => {
        const manifest = JSON.parse(await readFile(join(cwd, name), "utf8"));
        return manifest.streams.releases;
      }),
    );
    expect(copied.idDigest).toBe(exported.idDigest);
  }
  const mixed = ["export", "ndjson", "all/issues.ndjson", "all/releases.ndjson", "-o", "x.ndjson"];
  const { code, stderr } = await decant(mixed, { cwd });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("STREAMS_MIXED") });
}, 60_000);
