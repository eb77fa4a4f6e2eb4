// What two processes do between two calls of the system is seldom what breaks a lock. Here calls end early
// and late as chance has it, and some holders die, so that all orders come up that matter.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { takeTurn } from "./take-turn.ts";

/** Numbers from 0 to below the limit, by chance; none but 0 outside of the test. */
const chance = vi.hoisted(() => ({ below: (_limit: number): number => 0 }));

vi.mock("node:fs/promises", async (importOriginal) => {
  const files = await importOriginal<typeof import("node:fs/promises")>();
  async function dawdle(): Promise<void> {
    // Mostly not at all, or all would be equally late.
    const turns = chance.below(6) === 1 ? chance.below(300) : 0;
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
  }
  function late<A extends unknown[], R>(task: (...given: A) => Promise<R>) {
    return async (...given: A): Promise<R> => {
      await dawdle();
      const result = await task(...given);
      await dawdle();
      return result;
    };
  }
  return {
    ...files,
    readdir: late(files.readdir as (path: string) => Promise<string[]>),
    link: late(files.link),
    // Who dies leaves his claim.
    rm: late(async (path: string, options: object) => {
      if (!path.endsWith(".lock") || chance.below(2) === 0) await files.rm(path, options);
    }),
  };
});

test("takeTurn() lets one in at a time, in whatever order things happen", async () => {
  const folder = await mkdtemp(join(tmpdir(), "decant-"));
  const { signal } = new AbortController();
  const isDone = () => false;
  let holders = 0;
  let most = 0;
  async function useTurns(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      const lock = await takeTurn("lock", { folder, patienceMs: 60_000, signal, isDone });
      most = Math.max(most, ++holders);
      for (let n = chance.below(100); n > 0; n--) await new Promise(setImmediate);
      holders--;
      await lock![Symbol.asyncDispose]();
    }
  }
  try {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 2 }), async (seed) => {
        let state = seed;
        chance.below = (limit) => {
          state = (state * 48_271) % 2_147_483_647;
          return state % limit;
        };
        most = 0;
        await Promise.all(Array.from({ length: 5 }, useTurns));
        expect(most).toBe(1);
      }),
      { numRuns: 40 },
    );
    chance.below = () => 0;
    expect((await readdir(folder)).filter((name) => name.endsWith(".sock"))).toEqual([]);
  } finally {
    chance.below = () => 0;
    await rm(folder, { recursive: true });
  }
});
