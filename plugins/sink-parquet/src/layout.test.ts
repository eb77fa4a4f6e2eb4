import fc from "fast-check";
import { expect, test } from "vitest";
import { createLayout, parsePath, parseWorkName, pathOf } from "./layout.ts";

const names = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z][a-z0-9]{0,5}){0,2}$/);
const runs = fc.stringMatching(/^20[0-9]{6}T[0-9]{6}Z-[a-z0-9]{4}$/);
const days = fc.option(fc.constantFrom("2026-11-24", "0001-01-01"), { nil: undefined });

test("parsePath() reads what pathOf() names", () => {
  const cases = fc.tuple(
    fc.uniqueArray(names, { minLength: 1, maxLength: 3 }),
    ...[runs, fc.boolean(), fc.boolean(), days],
  );
  fc.assert(
    fc.property(cases, ([streams, run, append, byDay, day]) => {
      const opening = { destination: "out", options: {}, run, append, force: false };
      const named = streams.map((name) => ({ name, columns: [] }));
      const layout = createLayout({ ...opening, streams: named }, { byDay });
      fc.pre(layout.folder);
      const path = pathOf(layout, streams[0]!, day);
      const above = !byDay || append || streams.length > 1;
      expect(parsePath(path)).toEqual({
        path,
        ...(above && { stream: streams[0] }),
        ...(append && { run }),
      });
    }),
  );
});

test("parsePath() knows no other names", () => {
  for (const path of [
    "a.parquet.gz",
    "A.parquet",
    "events/part-0001.parquet",
    "date=1/x.parquet",
  ]) {
    expect(parsePath(path)).toBeUndefined();
  }
  expect(parseWorkName("_export.part")).toBe(true);
  expect(parseWorkName("_20260101T000000Z-0a1b.part")).toBe("20260101T000000Z-0a1b");
  expect(parseWorkName("_mine.part")).toBeUndefined();
});
