import fc from "fast-check";
import { expect, test } from "vitest";
import { createRepeatGuard } from "./repeat-guard.ts";

/** How many cursors of a list with a loop at its end are taken before the guard speaks up. */
function takenBeforeRepeat(lead: number, loop: number): number {
  const guard = createRepeatGuard();
  for (let taken = 0; ; taken++) {
    const at = taken < lead ? taken : lead + ((taken - lead) % loop);
    if (guard.repeatsCursor(`0:${at}:0`)) return taken;
  }
}

test("repeatsCursor() finds a loop of up to a thousand at its first repetition", () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.integer({ min: 1, max: 1000 }), (lead, loop) => {
      expect(takenBeforeRepeat(lead, loop)).toBe(lead + loop);
    }),
    { numRuns: 50 },
  );
});

test("repeatsCursor() finds a longer loop, too", () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.integer({ min: 1001, max: 20_000 }), (lead, loop) => {
      expect(takenBeforeRepeat(lead, loop)).toBeLessThanOrEqual(3 * Math.max(lead, loop) + loop);
    }),
    { numRuns: 50 },
  );
});

test("repeatsCursor() never minds cursors that differ", () => {
  const guard = createRepeatGuard();
  for (let at = 0; at < 50_000; at++) expect(guard.repeatsCursor(`0:${at}:0`)).toBe(false);
});

function page(letter: string, bytes = 2000): Uint8Array {
  return new Uint8Array(bytes).fill(letter.charCodeAt(0));
}

test("repeatsPage() minds the third equal page in a row", () => {
  const guard = createRepeatGuard();
  const pages = ["a", "a", "b", "a", "a", "c", "a", "a", "a"];
  expect(pages.map((letter) => guard.repeatsPage(page(letter)))).toEqual([
    ...Array(8).fill(false),
    true,
  ]);
});

test("repeatsPage() takes hundreds of equal pages that are small, as without rows, but no thousand", () => {
  const guard = createRepeatGuard();
  for (let at = 1; at < 1000; at++) expect(guard.repeatsPage(page("a", 1000))).toBe(false);
  expect(guard.repeatsPage(page("a", 1000))).toBe(true);
});

test("repeatsPage() tells pages of one length apart by their last byte", () => {
  const guard = createRepeatGuard();
  for (let at = 0; at < 5; at++) {
    const body = page("a");
    body[1999] = at;
    expect(guard.repeatsPage(body)).toBe(false);
  }
});
