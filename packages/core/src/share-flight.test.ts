import { expect, test } from "vitest";
import { shareFlight } from "./share-flight.ts";

test("shareFlight() runs once for all who wait, and again for those who come later", async () => {
  const share = shareFlight<number>();
  let runs = 0;
  const ask = (name: string) => share(name, { run: async () => ++runs });
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual([1, 1, 2]);
  expect(await ask("a")).toBe(3);
});

test("shareFlight() ends the task only when nobody waits for it any more", async () => {
  const share = shareFlight<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  let stop: AbortSignal | undefined;
  const run = (signal: AbortSignal) => {
    stop = signal;
    return promise;
  };
  const impatient = new AbortController();
  const gone = share("a", { run, signal: impatient.signal });
  const other = share("a", { run });
  impatient.abort(new Error("enough"));
  await expect(gone).rejects.toThrow("enough");
  expect(stop?.aborted).toBe(false);
  resolve("done");
  expect(await other).toBe("done");
  expect(stop?.aborted).toBe(true);
});
