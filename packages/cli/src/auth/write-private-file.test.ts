import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writePrivateFile } from "./write-private-file.ts";

test("writePrivateFile() puts a file for its owner in place of one that others may read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-private-"));
  const path = join(folder, "header");
  await writeFile(path, "before");
  await chmod(path, 0o644);
  await writePrivateFile(path, "after");
  expect(await readFile(path, "utf8")).toBe("after");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["header"]);
});

test("writePrivateFile() leaves alone what is no file, and nothing behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-private-"));
  await mkdir(join(folder, "folder"));
  await symlink("/dev/null", join(folder, "link"));
  for (const name of ["folder", "link", "nowhere/header"]) {
    await expect(writePrivateFile(join(folder, name), "x")).rejects.toMatchObject({
      code: "FILE_UNWRITABLE",
    });
  }
  expect((await readdir(folder)).sort()).toEqual(["folder", "link"]);
});
