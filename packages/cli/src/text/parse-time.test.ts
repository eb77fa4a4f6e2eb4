import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDuration } from "./parse-duration.ts";
import { parseTime } from "./parse-time.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
const iso = (text: string) => new Date(parseTime(text, { now })).toISOString();

test("parseDuration() knows seconds to weeks", () => {
  expect(["90s", "5m", "2h", "14d", "1w"].map(parseDuration)).toEqual([
    90_000, 300_000, 7_200_000, 1_209_600_000, 604_800_000,
  ]);
});

test("parseDuration() refuses anything else", () => {
  for (const text of ["", "5", "m", "1.5h", "-1d", "5 m", "5M", "1y", "9999999d"]) {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: "DURATION_INVALID", kind: "usage" }),
    );
  }
});

test("parseTime() takes dates and date-times, in UTC where they say nothing", () => {
  expect(iso("2026-01-31")).toBe("2026-01-31T00:00:00.000Z");
  expect(iso("2026-01-31T08:15")).toBe("2026-01-31T08:15:00.000Z");
  expect(iso("2026-01-31 08:15:30")).toBe("2026-01-31T08:15:30.000Z");
  expect(iso("2026-01-31T08:15:30.5+02:00")).toBe("2026-01-31T06:15:30.500Z");
});

test("parseTime() takes a duration as that long ago", () => {
  expect(iso("14d")).toBe("2026-11-10T12:00:00.000Z");
});

test("parseTime() refuses times that do not exist", () => {
  const texts = ["2026-02-30", "2026-13-01", "2026-00-10", "2026-01-31T25:00", "tomorrow", "2026"];
  for (const text of texts) {
    expect(() => parseTime(text, { now })).toThrow(
      expect.objectContaining({ code: "TIME_INVALID" }),
    );
  }
});

test("parseTime() reads back every instant that Date writes", () => {
  const years = { min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(years), (date) => {
      expect(parseTime(date.toISOString(), { now })).toBe(date.getTime());
      expect(iso(date.toISOString().slice(0, 10))).toBe(
        `${date.toISOString().slice(0, 10)}T00:00:00.000Z`,
      );
    }),
  );
});

test("parseTime() throws nothing but its own error, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d$/)),
      (text) => {
        try {
          expect(Number.isNaN(parseTime(text, { now }))).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ code: "TIME_INVALID" });
        }
      },
    ),
  );
});
