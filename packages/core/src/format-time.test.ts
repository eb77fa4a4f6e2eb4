import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTime } from "./format-time.ts";

test.each([
  ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000Z"],
  ["2026-01-31T12:00:00.123456789z", "2026-01-31T12:00:00.123456Z"],
  ["2026-01-31 12:00:00,5", "2026-01-31T12:00:00.500000Z"],
  ["2026-01-31T00:30:00.25+01:00", "2026-01-30T23:30:00.250000Z"],
  ["2026-01-31T12:00:00-0330", "2026-01-31T15:30:00.000000Z"],
  ["2026-01-31", "2026-01-31T00:00:00.000000Z"],
  [1767225600.25, "2026-01-01T00:00:00.250000Z"],
  [1767225600.123456, "2026-01-01T00:00:00.123456Z"],
  [0, "1970-01-01T00:00:00.000000Z"],
  [-0.5, "1969-12-31T23:59:59.500000Z"],
])("formatTime() writes %j", (value, text) => {
  expect(formatTime(value)).toBe(text);
});

const noTimes: unknown[] = [
  "2026-02-30T00:00:00Z",
  "2026-13-01",
  "2026-01-01T25:00:00Z",
  "2026-01-01T00:00",
  "now",
  "",
  "1767225600",
  9e12,
  -1e13,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  4e11,
  true,
  null,
  {},
  ["2026-01-31"],
  { toString: 1 },
];

test.each(noTimes.map((value) => ({ value })))(
  "formatTime() takes $value for no time",
  ({ value }) => {
    expect(formatTime(value)).toBeUndefined();
  },
);

test("formatTime() sorts as time does", () => {
  const ms = fc.integer({ min: -6e13, max: 2e14 });
  fc.assert(
    fc.property(ms, ms, (one, other) => {
      const [a, b] = [one, other].map((value) => formatTime(value / 1000)!) as [string, string];
      expect(a < b).toBe(one < other);
      expect(a > b).toBe(one > other);
    }),
  );
});
