import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRange } from "./parse-range.ts";

const now = Date.parse("2026-11-24T12:00:00.700Z");

test("parseRange() ends a minute ago by default, and says so", () => {
  const { range, notes } = parseRange({ now });
  expect(range).toEqual({ to: "2026-11-24T11:59:00Z" });
  expect(notes).toHaveLength(1);
});

test("parseRange() takes both ends", () => {
  const { range, notes } = parseRange({ from: "14d", to: "2026-11-20", now });
  expect(range).toEqual({ from: "2026-11-10T12:00:00Z", to: "2026-11-20T00:00:00Z" });
  expect(notes).toEqual([]);
});

test("parseRange() leaves nothing out at a part of a second", () => {
  const { range } = parseRange({
    from: "2026-11-20T00:00:00.9Z",
    to: "2026-11-20T00:00:01.1Z",
    now,
  });
  expect(range).toEqual({ from: "2026-11-20T00:00:00Z", to: "2026-11-20T00:00:02Z" });
});

test("parseRange() cuts the future off, and says so", () => {
  const { range, notes } = parseRange({ to: "2027-01-01", now });
  expect(range.to).toBe("2026-11-24T11:59:00Z");
  expect(notes).toHaveLength(1);
});

test("parseRange() refuses an empty range", () => {
  for (const inputs of [{ from: "30s" }, { from: "2026-11-20", to: "2026-11-20" }]) {
    expect(() => parseRange({ ...inputs, now })).toThrow(
      expect.objectContaining({ code: "RANGE_EMPTY" }),
    );
  }
});

test("parseRange() gives whole seconds that hold what was asked for", () => {
  const instant = fc.integer({ min: 0, max: now - 180_000 });
  fc.assert(
    fc.property(instant, fc.integer({ min: 1, max: 60_000 }), (start, length) => {
      const from = new Date(start).toISOString();
      const to = new Date(start + length).toISOString();
      const { range } = parseRange({ from, to, now });
      expect(Date.parse(range.from!)).toBeLessThanOrEqual(start);
      expect(Date.parse(range.to)).toBeGreaterThanOrEqual(start + length);
      expect(range.to).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }),
  );
});
