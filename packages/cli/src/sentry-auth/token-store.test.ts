import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTokens, readToken, removeToken, tokenPath, writeToken } from "./token-store.ts";

const origin = "https://sentry.example.com";

async function place() {
  return { folder: join(await mkdtemp(join(tmpdir(), "decant-tokens-")), "a", "sentry"), origin };
}

test("writeToken() keeps a token for its owner and its server alone", async () => {
  const here = await place();
  const other = { ...here, origin: "https://sentry.example.com:8443" };
  await writeToken(here, "one");
  await writeToken(other, "two");
  expect(await readToken(here)).toBe("one");
  expect(await readToken(other)).toBe("two");
  expect(await readToken({ ...here, origin: "http://sentry.example.com" })).toBeUndefined();
  expect(await listTokens(here.folder)).toEqual([origin, other.origin]);
  expect((await stat(tokenPath(here))).mode & 0o777).toBe(0o600);
  expect((await stat(here.folder)).mode & 0o777).toBe(0o700);
});

test("writeToken() replaces, and leaves nothing else behind", async () => {
  const here = await place();
  await Promise.all(["a", "b", "c"].map((token) => writeToken(here, token)));
  await writeToken(here, "last");
  expect(await readToken(here)).toBe("last");
  expect(await readdir(here.folder)).toHaveLength(1);
});

test("writeToken() closes a folder that was open to others", async () => {
  const here = await place();
  await writeToken(here, "one");
  await chmod(here.folder, 0o755);
  await writeToken(here, "two");
  expect((await stat(here.folder)).mode & 0o777).toBe(0o700);
});

test("writeToken() says when there is no room for it", async () => {
  const here = await place();
  const file = join(tmpdir(), `decant-file-${crypto.randomUUID()}`);
  await writeFile(file, "");
  await expect(writeToken({ ...here, folder: join(file, "b") }, "x")).rejects.toMatchObject({
    code: "TOKEN_STORE_FAILED",
    message: expect.stringContaining("ENOTDIR"),
  });
});

test("readToken() refuses a file that others may read", async () => {
  const here = await place();
  await writeToken(here, "hunter2");
  for (const mode of [0o640, 0o604, 0o620]) {
    await chmod(tokenPath(here), mode);
    await expect(readToken(here)).rejects.toMatchObject({
      code: "TOKEN_STORE_EXPOSED",
      message: expect.stringContaining(mode.toString(8)),
      hint: expect.stringContaining("chmod 600"),
    });
  }
});

test("readToken() refuses what is damaged or was stored for another server, and shows none of it", async () => {
  const here = await place();
  await writeToken(here, "hunter2");
  const whole = await readFile(tokenPath(here), "utf8");
  for (const text of [
    "",
    whole.slice(0, -2),
    '{"version":1}',
    "null",
    whole.replace("hunter2", ""),
    whole.replace("https:", "http:"),
    whole.replace("1", "2"),
  ]) {
    await writeFile(tokenPath(here), text);
    const error = await readToken(here).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "TOKEN_STORE_INVALID", kind: "credentials" });
    expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  }
});

test("removeToken() removes one token, once", async () => {
  const here = await place();
  expect(await removeToken(here)).toBe(false);
  await writeToken(here, "one");
  expect(await removeToken(here)).toBe(true);
  expect(await removeToken(here)).toBe(false);
  expect(await readToken(here)).toBeUndefined();
});

test("listTokens() passes over files of others", async () => {
  const here = await place();
  await writeToken(here, "one");
  for (const name of ["%zz.json", "notes.txt", "a.json"])
    await writeFile(join(here.folder, name), "");
  expect(await listTokens(here.folder)).toEqual([origin]);
});
