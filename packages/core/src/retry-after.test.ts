import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 7, 16, 12, 0, 0);
const read = (value: string, date?: string) =>
  retryAfter(new Headers({ "retry-after": value, ...(date ? { date } : {}) }), now);

test("retryAfter() reads seconds", () => {
  expect(read("120")).toBe(120_000);
  expect(read(" 0 ")).toBe(0);
  expect(read("1.5")).toBe(1500);
});

test("retryAfter() reads all three forms of a date", () => {
  expect(read("Sun, 16 Aug 2026 12:00:30 GMT")).toBe(30_000);
  expect(read("Sunday, 16-Aug-26 12:00:30 GMT")).toBe(30_000);
  expect(read("Sun Aug 16 12:00:30 2026")).toBe(30_000);
});

test("retryAfter() measures a date by the server's own clock", () => {
  const value = "Sun, 16 Aug 2026 18:00:30 GMT";
  expect(read(value, "Sun, 16 Aug 2026 18:00:00 GMT")).toBe(30_000);
  expect(read(value, "Sun, 16 Aug 2026 19:00:00 GMT")).toBe(0);
  expect(read(value, "nonsense")).toBe(6 * 3_600_000 + 30_000);
});

test("retryAfter() knows nothing without a header that makes sense", () => {
  expect(retryAfter(new Headers(), now)).toBeUndefined();
  for (const value of ["", "soon", "-5", "1e3", "0x10", "Sun", "Sunday", "2026-08-16", "12 s"]) {
    expect(read(value)).toBeUndefined();
  }
});

test("retryAfter() is never negative and never NaN", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]*$/), fc.date({ noInvalidDate: true }), (text, date) => {
      for (const value of [text, date.toUTCString()]) {
        const ms = read(value);
        if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
