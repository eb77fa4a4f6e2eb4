import { mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type LockOwner, takeLock } from "./lock.ts";

function owner(pid: number, alive: readonly number[]): LockOwner {
  return { pid, started: `s${pid}`, isAlive: async (holder) => alive.includes(holder.pid) };
}

async function place(): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "decant-lock-"));
  return { folder, path: join(folder, "x.lock") };
}

test("takeLock() refuses while the holder is alive, and lets go when disposed", async () => {
  const { folder, path } = await place();
  {
    await using _first = await takeLock(path, owner(1, [1]));
    await expect(takeLock(path, owner(2, [1]))).rejects.toMatchObject({ code: "STATE_LOCKED" });
  }
  await using _second = await takeLock(path, owner(2, [1]));
  expect(await readdir(folder)).toEqual(["x.lock.2-s2"]);
});

test("takeLock() clears away what a dead process left behind", async () => {
  const { folder, path } = await place();
  await writeFile(join(folder, "x.lock.1-a%2Fb"), "");
  await writeFile(join(folder, "x.lock.txt"), "");
  await using _lock = await takeLock(path, owner(2, [2]));
  expect((await readdir(folder)).sort()).toEqual(["x.lock.2-s2", "x.lock.txt"]);
  await expect(takeLock(path, owner(2, [2]))).rejects.toMatchObject({ code: "STATE_LOCKED" });
});

test("takeLock() never gives a lock to two of many who want it", async () => {
  const { folder, path } = await place();
  await writeFile(join(folder, "x.lock.99-s99"), "");
  const pids = [1, 2, 3, 4, 5, 6, 7, 8];
  for (let round = 0; round < 20; round += 1) {
    const tries = await Promise.allSettled(pids.map((pid) => takeLock(path, owner(pid, pids))));
    const taken = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(taken.length).toBeLessThanOrEqual(1);
    for (const lock of taken) await lock[Symbol.asyncDispose]();
  }
  await using _lock = await takeLock(path, owner(1, pids));
});
