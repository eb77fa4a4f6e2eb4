import { mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "decant-folder-"));
});
afterEach(() => rm(root, { recursive: true }));

test("makeFolder() makes what is missing, and tells the topmost", async () => {
  expect(await makeFolder(join(root, "a", "b", "c"))).toBe(join(root, "a"));
  expect((await stat(join(root, "a", "b", "c"))).isDirectory()).toBe(true);
  expect(await makeFolder(join(root, "a", "b", "c"))).toBeUndefined();
  expect(await makeFolder(join(root, "a", "d"))).toBe(join(root, "a", "d"));
  expect(await makeFolder("/")).toBeUndefined();
});

test("makeFolder() takes the same path from many at once", async () => {
  const path = join(root, "a", "b");
  const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)));
  expect(made.filter((folder) => folder === join(root, "a"))).toHaveLength(1);
  expect((await stat(path)).isDirectory()).toBe(true);
});

test("makeFolder() follows a link to a folder, and says what is in the way", async () => {
  await symlink(root, join(root, "link"));
  expect(await makeFolder(join(root, "link"))).toBeUndefined();
  await writeFile(join(root, "file"), "");
  await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder(join(root, "file", "a"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await symlink(join(root, "gone"), join(root, "dangling"));
  await expect(makeFolder(join(root, "dangling"))).rejects.toMatchObject({ code: "EEXIST" });
});

test("makeFolder() ends where nothing can be made", async () => {
  const code = expect.stringMatching(/^(ENOENT|EACCES|EPERM|EROFS)$/);
  await expect(makeFolder("/proc/nothing/a/b")).rejects.toMatchObject({ code });
});
