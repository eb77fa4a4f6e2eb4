import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPassfile } from "./read-passfile.ts";

const folder = await mkdtemp(join(tmpdir(), "decant-passfile-"));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, "pgpass");
const login = { host: "db", port: 5432, database: "sentry", user: "me" };

test.each([
  ["db:5432:sentry:me:pw", "pw"],
  ["# db:5432:sentry:me:no\n\nother:*:*:*:no\n*:*:*:me:pw\n*:*:*:*:late", "pw"],
  ["db:5432:sentry:you:no", undefined],
  ["db:5432:sentry:me:a\\:b\\\\c", "a:b\\c"],
  ["db:5432:sentry:me:a:b", "a:b"],
  ["db:5432:sentry:me", undefined],
  ["db:5432:sentry:me:pw\r\n", "pw"],
  [":::", undefined],
  ["", undefined],
])("readPassfile() finds in %j", async (text, password) => {
  await writeFile(path, text, { mode: 0o600 });
  expect(await readPassfile(path, login)).toBe(password);
});

test("readPassfile() calls a socket localhost", async () => {
  await writeFile(path, "localhost:5432:a\\:b:me:pw", { mode: 0o600 });
  expect(await readPassfile(path, { ...login, host: "/tmp", database: "a:b" })).toBe("pw");
});

test("readPassfile() passes over a file that others may read, or that is not there", async () => {
  await writeFile(path, "*:*:*:*:pw");
  await chmod(path, 0o640);
  expect(await readPassfile(path, login)).toBe(platform() === "win32" ? "pw" : undefined);
  expect(await readPassfile(join(folder, "none"), login)).toBeUndefined();
});
