import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { installedContents } from "./installed-contents.ts";
import { keepRecipe } from "./keep-recipe.ts";

afterEach(() => vi.unstubAllEnvs());

test("keepRecipe() keeps files for their owner only, the newest ones", async () => {
  const root = await mkdtemp(join(tmpdir(), "decant-"));
  vi.stubEnv("XDG_CACHE_HOME", root);
  await keepRecipe("first", "text");
  const folder = join(root, "decant", "recall");
  expect(await readFile(join(folder, "first"), "utf8")).toBe("text");
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, "first"))).mode & 0o777).toBe(0o600);
  for (let n = 0; n < 319; n += 1) {
    await writeFile(join(folder, `old-${n}`), "");
    await utimes(join(folder, `old-${n}`), n, n);
  }
  await keepRecipe("first", "again");
  expect(await readdir(folder)).toHaveLength(320);
  await keepRecipe("second", "text");
  const left = await readdir(folder);
  expect(left).toHaveLength(256);
  expect(left).toEqual(expect.arrayContaining(["first", "second", "old-318"]));
  expect(left).not.toContain("old-64");
});

test("keepRecipe() says nothing where it cannot keep one", async () => {
  const root = await mkdtemp(join(tmpdir(), "decant-"));
  vi.stubEnv("XDG_CACHE_HOME", join(root, "file"));
  await writeFile(join(root, "file"), "");
  await keepRecipe("name", "text");
  expect(await readdir(root)).toEqual(["file"]);
});

test("installedContents() takes nothing that may have changed since the process began", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "decant-")), "package.json");
  expect(installedContents([path])).toEqual(new Map([[path, null]]));
  expect(installedContents(["/etc/passwd", path])?.get("/etc/passwd")).toMatch(/^[0-9a-f]{64}$/);
  await writeFile(path, "{}");
  await utimes(path, 1, 1); // No tool can set back when a file was changed.
  expect(installedContents([path])).toBeUndefined();
});
