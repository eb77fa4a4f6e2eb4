import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { secretStore } from "./secret-store.ts";

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "decant-"));
  folder = join(base, "config", "logins");
});
afterEach(() => rm(base, { recursive: true }));

async function files(): Promise<string[]> {
  return (await readdir(folder)).sort();
}

async function soleFile(): Promise<string> {
  const [file, ...more] = await files();
  expect(more).toEqual([]);
  return join(folder, file!);
}

test("secretStore() keeps secrets apart, replaces and removes them, and leaves nothing else", async () => {
  const store = secretStore({ folder });
  expect(await store.get("a")).toBeUndefined();
  await store.update("a", async (old) => {
    expect(old).toBeUndefined();
    return "first";
  });
  await store.update("b", async () => "other");
  await store.update("a", async (old) => `${old}, second`);
  expect(await Promise.all(["a", "b"].map(store.get))).toEqual(["first, second", "other"]);
  expect(await files()).toHaveLength(2);
  await store.update("b", async () => undefined);
  expect(await store.get("b")).toBeUndefined();
  expect(await secretStore({ folder }).get("a")).toBe("first, second");
  expect(await files()).toHaveLength(1);
});

test("secretStore() is for its owner alone, and names tell nothing", async () => {
  const store = secretStore({ folder });
  await store.update("../name/of it", async () => "s");
  expect(await soleFile()).toMatch(/[/\\][0-9a-f]{32}\.secret$/);
  if (platform() === "win32") return;
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(await soleFile())).mode & 0o777).toBe(0o600);
});

test("secretStore() keeps the old secret where a change fails or changes nothing", async () => {
  const store = secretStore({ folder });
  await store.update("a", async () => "old");
  const before = (await stat(await soleFile())).ino;
  const failure = new Error("no");
  await expect(store.update("a", () => Promise.reject(failure))).rejects.toBe(failure);
  await store.update("a", async (old) => old);
  expect((await stat(await soleFile())).ino).toBe(before);
  expect(await store.get("a")).toBe("old");
});

test("secretStore() lets one change at a time, also of different stores", async () => {
  let count = 0;
  const add = () =>
    secretStore({ folder }).update("n", async (old = "0") => {
      expect(++count).toBe(1);
      await readdir(folder);
      count--;
      return `${Number(old) + 1}`;
    });
  await Promise.all(Array.from({ length: 20 }, add));
  expect(await secretStore({ folder }).get("n")).toBe("20");
});

test("secretStore() waits for who is at it, and no longer than its caller", async () => {
  const store = secretStore({ folder });
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const slow = store.update("a", async () => {
    begin();
    await end;
    return "slow";
  });
  await begun;
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = secretStore({ folder }).update("a", async () => "x", { signal });
  controller.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  const next = store.update("a", async (old) => `${old}, next`);
  resolve();
  await Promise.all([slow, next]);
  expect(await store.get("a")).toBe("slow, next");
});

test("secretStore() does not use what others may have read, what is damaged, or a link", async () => {
  const store = secretStore({ folder });
  await store.update("a", async () => "s");
  const path = await soleFile();
  const text = await readFile(path, "utf8");
  await chmod(path, 0o644);
  if (platform() !== "win32") {
    await expect(store.get("a")).rejects.toMatchObject({
      code: "SECRET_STORE_EXPOSED",
      kind: "credentials",
    });
  }
  await chmod(path, 0o600);
  for (const damaged of ["", "{}", "null", text.slice(0, -2), text.replace('"a"', '"b"')]) {
    await writeFile(path, damaged);
    await expect(store.get("a")).rejects.toMatchObject({ code: "SECRET_STORE_INVALID" });
    await expect(store.update("a", async () => "t")).rejects.toMatchObject({
      code: "SECRET_STORE_INVALID",
    });
  }
  await rm(path);
  await writeFile(join(base, "elsewhere"), text, { mode: 0o600 });
  await symlink(join(base, "elsewhere"), path);
  await expect(store.get("a")).rejects.toMatchObject({ code: "SECRET_STORE_INVALID" });
});

test("secretStore() says what is wrong with its folder, and cleans up after one that was killed", async () => {
  await writeFile(join(base, "file"), "");
  const store = secretStore({ folder: join(base, "file", "below") });
  expect(await store.get("a")).toBeUndefined();
  await expect(store.update("a", async () => "s")).rejects.toMatchObject({
    code: "SECRET_STORE_FAILED",
    kind: "usage",
  });
  const good = secretStore({ folder });
  await good.update("a", async () => "s");
  const path = await soleFile();
  await writeFile(`${path}.part`, "torn", { mode: 0o644 });
  await good.update("a", async () => "t");
  expect(await soleFile()).toBe(path);
  expect(await good.get("a")).toBe("t");
});
