import type { Progress } from "@decant/pipeline";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createProgress, type ProgressOptions } from "./create-progress.ts";
import { formatProgress } from "./format-progress.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function progress(rows: number, expected?: number): Progress {
  const slices = { done: 1, open: 2, waiting: 3 };
  const streams = { events: rows };
  return {
    rows,
    bytes: rows * 1024,
    duplicates: 0,
    streams,
    slices,
    ...(expected ? { expected } : {}),
  };
}

function start(options: Partial<ProgressOptions> = {}) {
  const written: string[] = [];
  const reporter = createProgress({
    write: (text) => written.push(text),
    terminal: true,
    columns: () => 80,
    now: () => Date.now(),
    ...options,
  });
  return { written, reporter };
}

test("formatProgress() puts the most important first", () => {
  const line = {
    progress: progress(1500, 3000),
    rate: 50,
    wait: { ms: 12_000, reason: "rate limit" },
  };
  expect(formatProgress(line)).toBe(
    "1,500 of 3,000 rows  50/s  1.5 MiB  1/6 slices  30 s left  waits 12 s (rate limit)",
  );
  expect(formatProgress({ progress: progress(5), rate: 0, wait: undefined })).toBe(
    "5 rows  0/s  5.0 KiB  1/6 slices",
  );
});

test("createProgress() draws on a terminal at most ten times a second", () => {
  const { written, reporter } = start();
  for (let i = 0; i < 1000; i += 1) {
    reporter.update(progress(i));
    vi.advanceTimersByTime(1);
  }
  const lines = written.filter((text) => text.includes("rows"));
  expect(lines).toHaveLength(10);
  expect(lines.every((text) => !text.includes("\n"))).toBe(true);
});

test("createProgress() cuts to the width, and leaves the line clean", () => {
  const { written, reporter } = start({ columns: () => 12 });
  reporter.update(progress(1_000_000));
  vi.advanceTimersByTime(100);
  expect(written).toEqual(["1,000,000 r"]);
  reporter.say("a line");
  expect(written.slice(1)).toEqual(["\r\u001b[K", "a line\n"]);
  vi.advanceTimersByTime(100);
  reporter[Symbol.dispose]();
  expect(written.at(-1)).toBe("\r\u001b[K");
  vi.advanceTimersByTime(1000);
  expect(written).toHaveLength(5);
});

test("createProgress() writes a plain line after five seconds elsewhere, then each ten", () => {
  const { written, reporter } = start({ terminal: false });
  reporter.update(progress(1));
  vi.advanceTimersByTime(4_999);
  expect(written).toHaveLength(0);
  vi.advanceTimersByTime(1);
  expect(written).toHaveLength(1);
  vi.advanceTimersByTime(9_999);
  expect(written).toHaveLength(1);
  vi.advanceTimersByTime(10_001);
  reporter[Symbol.dispose]();
  vi.advanceTimersByTime(60_000);
  expect(written).toHaveLength(3);
  expect(written.join("")).not.toContain("\u001b");
  expect(written[0]).toMatch(/^1 rows .*\n$/);
});

test("createProgress() shows the rate of the last seconds and counts a wait down", () => {
  const { written, reporter } = start();
  for (let i = 0; i <= 5; i += 1) {
    reporter.update(progress(i * 100));
    vi.advanceTimersByTime(1000);
  }
  expect(written.at(-1)).toContain("83/s");
  reporter.wait(3000, "rate\nlimit");
  vi.advanceTimersByTime(1000);
  expect(written.at(-1)).toContain("waits 2 s (rate\\nlimit)");
  vi.advanceTimersByTime(2100);
  expect(written.at(-1)).not.toContain("waits");
});

test("createProgress() says a wait at once where there is no line to draw again, and once", () => {
  const { written, reporter } = start({ terminal: false });
  reporter.wait(500, "retry");
  vi.advanceTimersByTime(600);
  reporter.wait(12_000, "rate limit");
  reporter.wait(12_000, "rate limit");
  expect(written).toEqual(["waits 12 s (rate limit)\n"]);
  vi.advanceTimersByTime(12_500);
  reporter.wait(2_000, "HTTP\n503");
  expect(written.at(-1)).toBe("waits 2 s (HTTP\\n503)\n");
});

test("createProgress() knows the rate however often it is told", () => {
  const { written, reporter } = start();
  for (let i = 0; i <= 3000; i += 1) {
    reporter.update(progress(i * 2));
    vi.advanceTimersByTime(1);
  }
  expect(written.at(-1)).toMatch(/ (1,999|2,000)\/s /);
});

test("createProgress() is silent but for what is said", () => {
  const { written, reporter } = start({ silent: true });
  reporter.update(progress(1));
  reporter.wait(5_000, "rate limit");
  vi.advanceTimersByTime(30_000);
  reporter.say("done");
  reporter[Symbol.dispose]();
  expect(written).toEqual(["done\n"]);
});
