// Signing in to Sentry servers: a token goes to the server that it was given for, and into no output.
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, type Run } from "./support/decant.ts";

const small = { projects: [{ slug: "web", issues: [{ events: 45 }] }], limits: false };

function login(sentry: SentrySimulator, cwd: string, token = sentry.token): Promise<Run> {
  const args = ["auth", "sentry", "login", "--url", sentry.url, "--debug"];
  return decant(args, { cwd, input: `${token}\n` });
}

/** The text of every file below a folder, by path. */
async function readAll(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path, "latin1")] as const)),
  );
}

async function stored(cwd: string): Promise<string[]> {
  const files = [...(await readAll(cwd)).keys()];
  return files.filter((path) => path.includes("decant/sentry/"));
}

test("a token from a pipe is checked, stored, and used by an export", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  const run = await login(sentry, cwd);
  expect(run).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
  expect(run.stderr).toMatch(
    /^Signed in\. .*\n(.*\n)*user +ada@example\.com\norganisations +acme\n/,
  );
  const options = { cwd, env: { SENTRY_URL: sentry.url } };
  await decantOk(["export", "sentry", "--org", sentry.org], options);
  await decantOk(["verify", "events.ndjson.decant"], options);
});

test("no output, error, debug line or state holds the token, only the one file for its owner", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  const env = { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org };
  const runs = [await login(sentry, cwd)];
  for (const args of [
    ["auth", "sentry", "status"],
    ["auth", "sentry", "status", "--json"],
    ["export", "sentry", "--plan", "--debug"],
    ["export", "sentry", "events", "issues", "--debug", "--json"],
    ["export", "sentry", "--incremental", "--debug", "--json"],
    ["export", "sentry", "4711", "-o", "missing.ndjson", "--debug"],
    ["auth", "sentry", "logout"],
    ["auth", "sentry", "status", "--debug"],
  ]) {
    runs.push(await decant(args, { cwd, env }));
    if (args.includes("--incremental")) {
      const holders = [...(await readAll(cwd))].filter(([, text]) => text.includes(sentry.token));
      expect(holders.map(([path]) => path)).toEqual(await stored(cwd));
    }
  }
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 2, 0, 3]);
  for (const { stdout, stderr } of runs)
    expect(stdout.toString() + stderr).not.toContain(sentry.token);
}, 60_000);

test("several servers side by side: a token goes to its own server alone", async () => {
  await using one = await startSentry({ ...small, seed: 1 });
  await using two = await startSentry({ ...small, seed: 2 });
  const cwd = await makeFolder();
  await login(one, cwd);
  const other = await decant(["export", "sentry", "--org", "acme", "--url", two.url], { cwd });
  expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining("Code: TOKEN_MISSING") });
  expect(two.log).toEqual([]);
  await login(two, cwd);
  for (const { url } of [one, two]) {
    const run = await decantOk(["auth", "sentry", "status", "--json", "--url", url], { cwd });
    const expected = { url, token: { kind: "login" }, stored: [one.url, two.url].sort() };
    expect(JSON.parse(run.stdout.toString())).toMatchObject(expected);
  }
  const gone = await decantOk(["auth", "sentry", "logout", "--url", one.url], { cwd });
  expect(gone.stderr).toContain(`Tokens are stored for ${two.url}`);
  expect((await decant(["auth", "sentry", "status", "--url", one.url], { cwd })).code).toBe(3);
  expect((await decant(["auth", "sentry", "status", "--url", two.url], { cwd })).code).toBe(0);
}, 60_000);

test("what cannot read is refused, and is not stored", async () => {
  await using sentry = await startSentry(small);
  await using page = await startSentry({ ...small, faults: { htmlLogin: true } });
  const cwd = await makeFolder();
  const { tokens } = sentry;
  const refused = { [tokens.org]: 3, [tokens.expired]: 3, [tokens.sso]: 3, "": 3, "two words": 3 };
  for (const [token, code] of Object.entries(refused)) {
    const run = await login(sentry, cwd, token);
    expect(run).toMatchObject({
      code,
      stderr: expect.stringMatching(/^Code: (SENTRY_|TOKEN_MISSING$)/m),
    });
    if (token) expect(run.stderr).not.toContain(token);
  }
  expect(await login(page, cwd)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Code: SENTRY_WRONG_URL"),
  });
  const nobody = ["auth", "sentry", "login", "--url", "http://127.0.0.1:1"];
  expect(await decant(nobody, { cwd, input: "x" })).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("Code: SOURCE_UNAVAILABLE"),
  });
  expect(await stored(cwd)).toEqual([]);
}, 60_000);

test("status names the scopes that are missing, and where the token comes from", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  await login(sentry, cwd);
  const env = { SENTRY_HOST: sentry.url, SENTRY_AUTH_TOKEN: sentry.tokens.noEventScope };
  const run = await decantOk(["auth", "sentry", "status"], { cwd, env });
  expect(run.stdout.toString()).toMatch(
    /^lacks +event:read, for events, issues, .* more streams$/m,
  );
  expect(run.stdout.toString()).toMatch(/^token from +SENTRY_AUTH_TOKEN$/m);
  await writeFile(join(cwd, ".sentryclirc"), `[auth]\ntoken=${sentry.token}\n`);
  const file = await decantOk(["auth", "sentry", "status"], {
    cwd,
    env: { SENTRY_URL: sentry.url },
  });
  expect(file.stdout.toString()).toMatch(/^token from +\/.*\/\.sentryclirc$/m);
});

test("a stored token that others can read, or that is damaged, is not used", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  await login(sentry, cwd);
  const [path = ""] = await stored(cwd);
  const requests = sentry.log.length;
  const args = ["export", "sentry", "--org", "acme", "--url", sentry.url];
  await chmod(path, 0o644);
  expect(await decant(args, { cwd })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("Code: TOKEN_STORE_EXPOSED"),
  });
  await chmod(path, 0o600);
  await writeFile(path, "{");
  expect(await decant(args, { cwd })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("Code: TOKEN_STORE_INVALID"),
  });
  expect(sentry.log.length).toBe(requests);
  expect((await login(sentry, cwd)).code).toBe(0);
});

test("a repository can neither have a token sent to its server, nor a header of the user's", async () => {
  await using own = await startSentry(small);
  await using evil = await startSentry(small);
  const cwd = await makeFolder();
  await login(own, cwd);
  await writeFile(join(cwd, ".sentryclirc"), `[defaults]\nurl=${evil.url}\norg=acme\n`);
  await writeFile(join(cwd, "sentry.properties"), `defaults.url=${evil.url}\nauth.token=theirs\n`);
  const secret = { DECANT_HEADERS: "X-Secret: hunter2" };
  for (const { args, env, input } of [
    { args: ["export", "sentry"], env: { SENTRY_AUTH_TOKEN: own.token } },
    { args: ["export", "sentry"], env: { SENTRY_TOKEN: own.token } },
    { args: ["export", "sentry"], env: { SENTRY_PROPERTIES: "sentry.properties", ...secret } },
    { args: ["auth", "sentry", "status"], env: { SENTRY_AUTH_TOKEN: own.token } },
    { args: ["auth", "sentry", "login"], env: {}, input: own.token },
  ]) {
    const run = await decant(args, { cwd, env, ...(input !== undefined && { input }) });
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining("TARGET_UNTRUSTED") });
    expect(run.stderr).not.toMatch(/hunter2|theirs/);
  }
  expect(await decant(["export", "sentry"], { cwd })).toMatchObject({ code: 3 });
  expect(evil.log).toEqual([]);
}, 60_000);
