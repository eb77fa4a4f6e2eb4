import fc from "fast-check";
import { expect, test } from "vitest";
import { createAdaptiveLimit } from "./create-adaptive-limit.ts";

function setup({ most = 100, restMs = 0 } = {}) {
  let time = 1_000;
  const limit = createAdaptiveLimit({ most, restMs, now: () => time });
  return {
    limit,
    wait(ms: number) {
      time += ms;
    },
    /** A round trip in which all that may be under way is. */
    round(slowness = 1) {
      const running = limit.value;
      for (let at = 0; at < running; at++) limit.succeed({ running, slowness });
      return limit.value;
    },
  };
}

test("succeed() adds one a round trip, up to the bound", () => {
  const { limit, round } = setup({ most: 6 });
  expect(limit.value).toBe(3);
  expect([round(), round(), round(), round()]).toEqual([4, 5, 6, 6]);
  limit.most = 4;
  expect(limit.value).toBe(4);
  limit.most = 7;
  expect([round(), round()]).toEqual([7, 7]);
});

test("succeed() does not raise a limit that is not made use of", () => {
  const { limit } = setup();
  for (let at = 0; at < 100; at++) limit.succeed({ running: 1, slowness: 1 });
  expect(limit.value).toBe(3);
});

test("succeed() holds where the server queues about one, and shrinks where it queues more", () => {
  const slow = setup();
  expect([slow.round(1.9), slow.round(2), slow.round(4), slow.round(4)]).toEqual([4, 5, 4, 4]);
  expect([slow.round(20), slow.round(20), slow.round(20)]).toEqual([3, 2, 2]);
});

test("succeed() takes the fastest of a round, since a page may be slow by itself", () => {
  const { limit } = setup();
  for (const slowness of [50, 1, 50]) limit.succeed({ running: 3, slowness });
  expect(limit.value).toBe(4);
});

test("fail() shrinks by a third, once for all that was sent together", () => {
  const { limit, wait, round } = setup();
  for (let at = 0; at < 17; at++) round();
  expect(limit.value).toBe(20);
  for (const sent of [990, 991, 992]) limit.fail(sent);
  expect(limit.value).toBe(14);
  wait(100);
  limit.fail(1_000);
  expect(limit.value).toBe(14);
  limit.fail(1_001);
  expect(limit.value).toBe(9);
});

test("fail() is followed by a rest", () => {
  const { limit, wait, round } = setup({ restMs: 10_000 });
  limit.fail(999);
  expect(limit.value).toBe(2);
  wait(9_999);
  expect(round()).toBe(2);
  wait(1);
  expect(round()).toBe(3);
});

test("whatever happens, the limit is a whole number from one to its bound", () => {
  const step = fc.oneof(
    fc.record({
      running: fc.integer({ min: 1, max: 50 }),
      slowness: fc.double({ min: 1, max: 1e6, noNaN: true }),
    }),
    fc.constant("fail" as const),
    fc.record({ most: fc.integer({ min: 1, max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { limit, wait } = setup({ most: 10 });
      let sent = 1_000;
      for (const one of steps) {
        wait(1);
        sent++;
        if (one === "fail") limit.fail(sent);
        else if ("most" in one) limit.most = one.most;
        else limit.succeed(one);
        expect(Number.isInteger(limit.value)).toBe(true);
        expect(limit.value).toBeGreaterThanOrEqual(1);
        expect(limit.value).toBeLessThanOrEqual(limit.most);
      }
    }),
  );
});
