import { DecantError } from "@decant/core";
import { expect, test } from "vitest";
import { retry } from "./retry.ts";

function failure(options: { retryable?: boolean; retryAfterMs?: number } = {}): DecantError {
  return new DecantError("X", "Cannot ask", { kind: "credentials", retryable: true, ...options });
}

/** Fails with each error in turn, then succeeds; keeps the waits. */
async function run(errors: readonly unknown[], random = 1) {
  const waits: number[] = [];
  const left = [...errors];
  const outcome = await retry(
    async () => {
      if (left.length > 0) throw left.shift();
      return "done";
    },
    {
      sleep: async (ms) => void waits.push(ms),
      random: () => random,
      signal: new AbortController().signal,
    },
  ).catch((error: unknown) => error);
  return { outcome, waits };
}

test("retry() tries four times, with growing pauses", async () => {
  const three = [failure(), failure(), failure()];
  expect(await run(three)).toEqual({ outcome: "done", waits: [500, 1000, 2000] });
  const last = failure();
  expect(await run([...three, last])).toEqual({ outcome: last, waits: [500, 1000, 2000] });
});

test("retry() spreads the pauses down to one half", async () => {
  expect((await run([failure(), failure()], 0)).waits).toEqual([250, 500]);
});

test("retry() waits no less than the server says", async () => {
  expect((await run([failure({ retryAfterMs: 7_000 })])).waits).toEqual([7_000]);
  expect((await run([failure({ retryAfterMs: 0 })])).waits).toEqual([500]);
});

test("retry() gives a long wait to the caller", async () => {
  const error = failure({ retryAfterMs: 31_000 });
  expect(await run([error])).toEqual({ outcome: error, waits: [] });
});

test("retry() leaves other errors alone", async () => {
  for (const error of [failure({ retryable: false }), new TypeError("a bug")]) {
    expect(await run([error])).toEqual({ outcome: error, waits: [] });
  }
});
