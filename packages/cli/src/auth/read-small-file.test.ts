import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSmallFile, readSmallStream } from "./read-small-file.ts";

test("readSmallFile() reads a file up to 1 MiB, and no device", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "decant-small-")), "key");
  await writeFile(path, "x".repeat(1024 * 1024));
  expect((await readSmallFile(path)).byteLength).toBe(1024 * 1024);
  await writeFile(path, "x".repeat(1024 * 1024 + 1));
  await expect(readSmallFile(path)).rejects.toMatchObject({
    code: "FILE_UNSUITABLE",
    message: `Cannot read "${path}": it is larger than 1 MiB`,
  });
  await expect(readSmallFile("/dev/zero")).rejects.toMatchObject({
    code: "FILE_UNSUITABLE",
    message: 'Cannot read "/dev/zero": it is no regular file',
  });
});

test("readSmallFile() leaves the system's errors as they are", async () => {
  await expect(readSmallFile("/nothing/here")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(readSmallFile(tmpdir())).rejects.toMatchObject({ code: "EISDIR" });
});

test("readSmallStream() stops at 1 MiB of a stream without end", async () => {
  async function* endless() {
    for (;;) yield new Uint8Array(65_536);
  }
  await expect(readSmallStream(endless(), "standard input")).rejects.toMatchObject({
    code: "FILE_UNSUITABLE",
  });
});
