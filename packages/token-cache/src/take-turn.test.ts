import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeClaim } from "./claim.ts";
import { takeTurn } from "./take-turn.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "decant-"));
});
afterEach(() => rm(folder, { recursive: true }));

function take(options = {}): Promise<AsyncDisposable | undefined> {
  const { signal } = new AbortController();
  const isDone = () => false;
  return takeTurn("lock", { folder, patienceMs: 60_000, signal, isDone, ...options });
}

test("takeTurn() lets one in at a time, and leaves nothing behind", async () => {
  let holders = 0;
  let turns = 0;
  async function useTurn(): Promise<void> {
    const lock = await take();
    expect(++holders).toBe(1);
    // As long as it takes the others to try.
    for (let n = 0; n < 20; n++) await readdir(folder);
    holders--;
    turns++;
    await lock![Symbol.asyncDispose]();
  }
  await Promise.all(Array.from({ length: 16 }, useTurn));
  expect(turns).toBe(16);
  expect(await readdir(folder)).toEqual([]);
});

test("takeTurn() ends without a lock when it was done meanwhile", async () => {
  const lock = await take();
  let done = false;
  const others = Array.from({ length: 5 }, () => take({ isDone: () => done }));
  done = true;
  await lock![Symbol.asyncDispose]();
  expect(await Promise.all(others)).toEqual(Array(5).fill(undefined));
});

test("takeTurn() goes past one who holds for too long, one at a time", async () => {
  const hung = await take();
  let holders = 0;
  async function useTurn(): Promise<void> {
    const lock = await take({ patienceMs: 300 });
    if (!lock) return;
    expect(++holders).toBe(1);
    await new Promise(setImmediate);
    holders--;
    await lock[Symbol.asyncDispose]();
  }
  await Promise.all(Array.from({ length: 4 }, useTurn));
  expect(await readdir(folder)).toHaveLength(2); // The claim and the socket of the one who hangs.
  await hung![Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test("takeTurn() goes past many who hang, and without a lock when there is no time at all", async () => {
  const hung = [await take()];
  for (let n = 0; n < 5; n++) hung.push(await take({ patienceMs: 300 }));
  expect(await take({ patienceMs: 0 })).toBeUndefined();
  for (const lock of hung) await lock![Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test("takeTurn() can be given up", async () => {
  const lock = await take();
  const controller = new AbortController();
  const waiting = take({ signal: controller.signal });
  controller.abort(new Error("given up"));
  await expect(waiting).rejects.toThrow("given up");
  await lock![Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});

test("takeTurn() goes past what the dead left, and removes it", async () => {
  const dead = "0123456789abcdef".repeat(2);
  await writeFile(join(folder, "lock.1.lock"), "nobody's");
  await writeFile(join(folder, "lock.3.lock"), dead);
  await writeFile(join(folder, `${dead}.sock`), "");
  await writeFile(join(folder, "lock.x.lock"), "");
  await writeFile(join(folder, "other.4.lock"), dead);
  const lock = await take();
  expect(lock).toBeDefined();
  await lock![Symbol.asyncDispose]();
  expect((await readdir(folder)).sort()).toEqual(["lock.x.lock", "other.4.lock"]);
});

test("takeTurn() waits for a holder behind whom somebody died", async () => {
  const holder = await makeClaim(folder, { name: "lock", number: 1 });
  await writeFile(join(folder, "lock.2.lock"), "0123456789abcdef".repeat(2));
  let released = false;
  const taken = take().then(async (lock) => {
    expect(released).toBe(true);
    await lock![Symbol.asyncDispose]();
  });
  while (!(await readdir(folder)).includes("lock.3.lock")) await new Promise(setImmediate);
  for (let n = 0; n < 50; n++) await readdir(folder); // As long as it takes to go on.
  released = true;
  await holder![Symbol.asyncDispose]();
  await taken;
  expect(await readdir(folder)).toEqual([]);
});

test("takeTurn() works in a folder whose path is longer than the address of a socket", async () => {
  const long = join(folder, "x".repeat(120));
  const lock = await take({ folder: await mkdtemp(`${long}-`) });
  const waiting = take({ folder: join(folder, (await readdir(folder))[0]!) });
  await lock![Symbol.asyncDispose]();
  await (await waiting)![Symbol.asyncDispose]();
  expect(await readdir(join(folder, (await readdir(folder))[0]!))).toEqual([]);
});
