import fc from "fast-check";
import { expect, test } from "vitest";
import { firstIndex, insertSorted } from "./event-order.ts";

test("insertSorted() keeps a list sorted, whatever comes in what order", () => {
  const compare = (a: number, b: number) => b - a;
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.array(fc.nat()), (before, added) => {
      const list = before.toSorted(compare);
      insertSorted(list, added, compare);
      expect(list).toEqual([...before, ...added].sort(compare));
    }),
  );
});

test("firstIndex() finds where a test begins to hold", () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.nat(), (values, bound) => {
      const list = values.toSorted((a, b) => a - b);
      const expected = list.findIndex((value) => value >= bound);
      expect(firstIndex(list, (value) => value >= bound)).toBe(
        expected < 0 ? list.length : expected,
      );
    }),
  );
});
