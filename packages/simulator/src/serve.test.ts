import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("serve.ts says where it listens, obeys, and ends with its input", async () => {
  const program = fileURLToPath(new URL("serve.ts", import.meta.url));
  const config = {
    sentry: { flavor: "old", projects: [{ slug: "web", issues: [{ events: 3 }] }] },
  };
  const child = spawn(process.execPath, [program, JSON.stringify(config)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? "null");
  const command = (value: unknown) => {
    child.stdin.write(`${JSON.stringify(value)}\n`);
    return next();
  };
  const { sentry, google } = await next();
  expect(google.key.token_uri).toBe(google.tokenUri);
  const [{ id }] = sentry.issues;
  expect(await command({ add: { issue: id, count: 2 } })).toEqual({ added: 2 });
  const response = await fetch(`${sentry.url}/api/0/issues/${id}/events/?full=1`, {
    headers: { authorization: `Bearer ${sentry.token}` },
  });
  expect(await response.json()).toHaveLength(5);
  const { issue } = await command({ addIssue: { project: "web", events: 1 } });
  expect(issue).toMatchObject({ project: "web", shortId: "WEB-2" });
  const changes = { name: "changed" };
  expect(await command({ addRows: { stream: "teams", count: 1 } })).toEqual({ added: 1 });
  const { rows } = await command({ rows: "teams" });
  const row = { stream: "teams", id: rows[0].id };
  expect(await command({ changeRow: { ...row, changes } })).toEqual({ changed: row.id });
  const changed = (await command({ rows: "teams" })).rows[0].json;
  expect(JSON.parse(changed)).toMatchObject(changes);
  expect(await command({ removeRow: row })).toEqual({ removed: row.id });
  expect((await command({ rows: "teams" })).rows).toHaveLength(rows.length - 1);
  const { token } = await command({ token: ["org:read"] });
  expect(token).not.toBe(sentry.token);
  expect((await command({ log: true })).log).toMatchObject([
    { group: "issue-events", status: 200 },
  ]);
  expect(await command({ fail: { failure: "html", times: 1 } })).toEqual({ failing: "html" });
  expect((await fetch(google.tokenUri)).status).toBe(502);
  expect(await command({ nonsense: 1 })).toHaveProperty("error");
  child.stdin.end();
  expect(await ended).toBe(0);
});
