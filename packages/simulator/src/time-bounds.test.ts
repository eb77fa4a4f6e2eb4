import fc from "fast-check";
import { expect, test } from "vitest";
import { isRefusal } from "./reply.ts";
import { parseTime, timeBounds } from "./time-bounds.ts";

const now = Date.parse("2026-06-01T12:00:00.500Z");

function bounds(query: string): { from: string; to: string } {
  const { from, to } = timeBounds(new URLSearchParams(query), now);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function refusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (isRefusal(error)) return JSON.parse(String(error.refusal.body)).detail;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("timeBounds() drops fractions of seconds and honours offsets", () => {
  expect(bounds("start=2026-05-01T00:00:00.999Z&end=2026-05-01T03:00:01.2%2B02:00")).toEqual({
    from: "2026-05-01T00:00:00.000Z",
    to: "2026-05-01T01:00:01.000Z",
  });
  expect(bounds("start=2026-05-01&end=1777680000.7").to).toBe("2026-05-02T00:00:00.000Z");
});

test("timeBounds() lets statsPeriod win and falls back to 90 days", () => {
  const period = bounds("statsPeriod=24h&start=2026-05-01&end=2026-05-02");
  expect(period).toEqual({ from: "2026-05-31T12:00:00.000Z", to: "2026-06-01T12:00:00.000Z" });
  expect(bounds("").from).toBe("2026-03-03T12:00:00.000Z");
});

test.each([
  ["start=2026-05-01", "start and end are both required"],
  ["end=2026-05-01", "start and end are both required"],
  ["start=2026-05-01&end=2026-05-01", "start must be before end"],
  ["start=yesterday&end=2026-05-01", "yesterday is not a valid ISO8601 date query"],
  ["statsPeriod=2y", "Invalid statsPeriod: '2y'"],
])("timeBounds() refuses %s", (query, detail) => {
  expect(refusal(() => bounds(query))).toBe(detail);
});

test("parseTime() reads every ISO 8601 text that toISOString() writes", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
      expect(parseTime(date.toISOString())).toBe(date.getTime());
      expect(parseTime(String(date.getTime() / 1_000))).toBeCloseTo(date.getTime(), 0);
    }),
  );
});
