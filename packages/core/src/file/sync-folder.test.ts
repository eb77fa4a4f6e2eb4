import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { syncFolder } from "./sync-folder.ts";
import { systemCode } from "./system-code.ts";

test("syncFolder() syncs a folder and those above it, and stops at the root", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-"));
  try {
    await syncFolder(folder);
    await syncFolder(folder, tmpdir());
    await syncFolder(folder, "/nowhere/above");
  } finally {
    await rm(folder, { recursive: true });
  }
  const error: unknown = await syncFolder(folder).catch((cause: unknown) => cause);
  expect(systemCode(error)).toBe("ENOENT");
});

test("systemCode() gives codes that are text, of errors only", () => {
  expect(systemCode(Object.assign(new Error("x"), { code: "EIO" }))).toBe("EIO");
  expect(systemCode(Object.assign(new Error("x"), { code: 5 }))).toBeUndefined();
  expect(systemCode(new Error("x"))).toBeUndefined();
  expect(systemCode({ code: "EIO" })).toBeUndefined();
});
