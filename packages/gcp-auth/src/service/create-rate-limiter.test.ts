import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { createRateLimiter } from "./create-rate-limiter.ts";

test("createRateLimiter() never lets more through than burst and rate allow", () => {
  const limit = { perSecond: integer({ min: 1, max: 50 }), burst: integer({ min: 1, max: 50 }) };
  assert(
    property(record(limit), array(integer({ min: 0, max: 3_000 })), (rate, gaps) => {
      let time = 0;
      let passed = 0;
      const take = createRateLimiter(rate, () => time);
      for (const gap of gaps) {
        time += gap;
        const wait = take("client");
        if (wait === 0) passed++;
        expect(passed).toBeLessThanOrEqual(rate.burst + (time / 1_000) * rate.perSecond + 1e-6);
        if (wait === 0) continue;
        // Whoever waits as long as told gets through.
        time += wait + 1e-6;
        expect(take("client")).toBe(0);
        passed++;
      }
    }),
  );
});

test("createRateLimiter() does not mind a clock that is put back", () => {
  let time = 10_000;
  const take = createRateLimiter({ perSecond: 1, burst: 1 }, () => time);
  expect(take("a")).toBe(0);
  time = 0;
  expect(take("a")).toBe(1_000);
  time = 1_000;
  expect(take("a")).toBe(0);
});

test("createRateLimiter() forgets the clients that asked longest ago", () => {
  const take = createRateLimiter({ perSecond: 1, burst: 1 }, () => 0);
  for (let client = 0; client <= 10_000; client++) expect(take(String(client))).toBe(0);
  expect(take("10000")).toBeGreaterThan(0);
  expect(take("0")).toBe(0);
});
