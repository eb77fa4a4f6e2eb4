import { expect, test, vi } from "vitest";
import { sleep } from "./sleep.ts";

test("sleep() ends with the signal's reason, and leaves no timer behind", async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  const reason = new Error("enough");
  const waiting = sleep(60_000, stop.signal);
  expect(vi.getTimerCount()).toBe(1);
  stop.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(sleep(60_000, stop.signal)).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("sleep() does not fire at once for a wait that is too long for a timer", async () => {
  vi.useFakeTimers();
  const done = vi.fn();
  void sleep(2 ** 40).then(done);
  await vi.advanceTimersByTimeAsync(2 ** 31 - 2);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});
