// Each documented exit code, reached from the built program.
import { once } from "node:events";
import { appendFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type SentrySimulator, startSentry } from "@decant/simulator";
import { expect, test } from "vitest";
import { decant, decantOk, makeFolder, startDecant } from "./support/decant.ts";

function environment(sentry: SentrySimulator, token = sentry.token): Record<string, string> {
  return { SENTRY_URL: sentry.url, SENTRY_ORG: sentry.org, SENTRY_AUTH_TOKEN: token };
}

const small = { projects: [{ slug: "web", issues: [{ events: 45 }] }], limits: false };

test("0: complete, and verified", async () => {
  await using sentry = await startSentry(small);
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  const run = await decantOk(["export", "sentry", sentry.issues[0]!.shortId], options);
  expect(run.stdout.toString()).toBe("");
  expect(run.stderr).toContain("45 rows");
  await decantOk(["verify", "events.ndjson.decant"], options);
});

test("2: a flag, a date, a sink, a state that does not exist, and an output that does", async () => {
  await using sentry = await startSentry(small);
  const issue = sentry.issues[0]!.id;
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  await writeFile(join(options.cwd, "events.ndjson"), "mine");
  for (const args of [
    ["export", "sentry", issue, "--nonsense"],
    ["export", "sentry", issue, "--from", "yesteryear"],
    ["export", "sentry", issue, "--sink", "papyrus"],
    ["resume", "nowhere.decant"],
    ["export", "sentry", issue],
  ]) {
    expect({ args, code: (await decant(args, options)).code }).toEqual({ args, code: 2 });
  }
  expect(await readFile(join(options.cwd, "events.ndjson"), "utf8")).toBe("mine");
}, 60_000);

test("3: no token, a wrong one, and one without the scope", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  for (const token of ["", "0".repeat(64), sentry.tokens.noEventScope, sentry.tokens.expired]) {
    const run = await decant(["export", "sentry", sentry.issues[0]!.id], {
      cwd,
      env: environment(sentry, token),
    });
    expect(run.code).toBe(3);
    if (token) expect(run.stderr).not.toContain(token);
  }
}, 60_000);

test("4: a server that goes away, which can be resumed when it is back", async () => {
  const sentry = await startSentry(small);
  // A door before the server that can be shut.
  let open = true;
  let pages = 0;
  const door = createServer(async (request, response) => {
    if (request.url?.includes("/events/?full")) pages += 1;
    if (pages > 2 && open) open = false;
    if (!open) {
      response.writeHead(503, { "retry-after": "999" }).end();
      return;
    }
    const { authorization = "" } = request.headers;
    const answer = await fetch(`${sentry.url}${request.url}`, { headers: { authorization } });
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => name === "link" || name === "content-type"),
    );
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  const env = {
    ...environment(sentry),
    SENTRY_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
  };
  const options = { cwd: await makeFolder(), env };
  const run = await decant(["export", "sentry", sentry.issues[0]!.id], options);
  expect(run.code).toBe(4);
  expect(run.stderr).toContain(" resume events.ndjson.decant");
  open = true;
  pages = -1_000;
  await decantOk(["resume", "events.ndjson.decant"], options);
  await decantOk(["verify", "events.ndjson.decant"], options);
  door.close();
  door.closeAllConnections();
  await sentry.close();
}, 60_000);

test("5: a server that goes round in circles", async () => {
  await using sentry = await startSentry({
    flavor: "glitchtip",
    projects: [{ slug: "web", issues: [{ events: 400, spanSeconds: 1 }] }],
    faults: { endlessPage: true },
  });
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  const run = await decant(["export", "sentry", sentry.issues[0]!.id], options);
  expect(run.code).toBe(5);
});

test("6: an output that cannot be written", async () => {
  await using sentry = await startSentry(small);
  const cwd = await makeFolder();
  await writeFile(join(cwd, "file"), "");
  const args = ["export", "sentry", sentry.issues[0]!.id, "-o", "/dev/full", "--state", "s.decant"];
  const run = await decant(args, { cwd, env: environment(sentry) });
  expect(run.code).toBe(6);
  expect(run.stderr).toContain("the disk is full");
});

test("7: an output that is not what its manifest says", async () => {
  await using sentry = await startSentry(small);
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  await decantOk(["export", "sentry", sentry.issues[0]!.id], options);
  await appendFile(join(options.cwd, "events.ndjson"), '{"id":"forged"}\n');
  const run = await decant(["verify", "events.ndjson.decant"], options);
  expect(run.code).toBe(7);
  expect(run.stderr).toContain("46 rows instead of 45");
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "%s: what was read is kept, exit %i, and resume is exact",
  async (signal, code) => {
    await using sentry = await startSentry({
      ...small,
      projects: [{ slug: "web", issues: [{ events: 900 }] }],
      faults: { slow: { rate: 1, ms: 5 } },
    });
    const options = { cwd: await makeFolder(), env: environment(sentry) };
    const { child, ended } = startDecant(["export", "sentry", sentry.issues[0]!.id], options);
    while (sentry.log.length < 20) await new Promise((resolve) => setImmediate(resolve));
    child.kill(signal);
    const run = await ended;
    expect(run.code).toBe(code);
    expect(run.stderr).toContain(" resume events.ndjson.decant");
    await decantOk(["resume", "events.ndjson.decant"], options);
    await decantOk(["verify", "events.ndjson.decant"], options);
  },
  60_000,
);

test("a link in the place of the state is replaced, and what it points to left alone", async () => {
  await using sentry = await startSentry(small);
  const options = { cwd: await makeFolder(), env: environment(sentry) };
  await mkdir(join(options.cwd, "mine"));
  await symlink("mine/precious", join(options.cwd, "events.ndjson.decant"));
  await decantOk(["export", "sentry", sentry.issues[0]!.id], options);
  await decantOk(["verify", "events.ndjson.decant"], options);
  await expect(readFile(join(options.cwd, "mine/precious"))).rejects.toThrow("ENOENT");
});
