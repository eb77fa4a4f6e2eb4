import { afterEach, expect, test, vi } from "vitest";
import { sleep } from "./sleep.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("sleep() waits", async () => {
  vi.useFakeTimers();
  const slept = sleep(5_000, new AbortController().signal);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(5_000);
  await slept;
});

test("sleep() ends with the signal's reason, and leaves no timer", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const slept = sleep(5_000, controller.signal);
  controller.abort("enough");
  await expect(slept).rejects.toBe("enough");
  expect(vi.getTimerCount()).toBe(0);
  await expect(sleep(1, AbortSignal.abort("before"))).rejects.toBe("before");
});
