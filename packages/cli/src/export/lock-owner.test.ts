import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { lockOwner } from "./lock-owner.ts";

test("lockOwner() knows itself, and a process that took its number later", async () => {
  const owner = await lockOwner();
  const { pid, started } = owner;
  expect(pid).toBe(process.pid);
  expect(await owner.isAlive({ pid, started })).toBe(true);
  expect(await owner.isAlive({ pid, started: `${started} of old` })).toBe(false);
});

test("lockOwner() knows that a process has ended", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const owner = await lockOwner();
  expect(await owner.isAlive({ pid: child.pid!, started: "any" })).toBe(false);
});
