import fc from "fast-check";
import { expect, test } from "vitest";
import { createQuota } from "./create-quota.ts";

const second = 1_000;
const start = Date.parse("2026-01-31T12:00:00Z");

interface Told {
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds after the start by the server's clock. */
  readonly reset?: number;
  /** How far the server's clock is ahead. */
  readonly ahead?: number;
  readonly status?: number;
}

function setup() {
  let time = start;
  const quota = createQuota({ now: () => time, random: () => 0 });
  return {
    quota,
    at(ms: number) {
      time = start + ms;
    },
    answer({ limit = 40, remaining = 30, reset = 1, ahead = 0, status = 200 }: Told, sent = time) {
      const headers = new Headers({
        date: new Date(time + ahead).toUTCString(),
        "x-sentry-rate-limit-limit": String(limit),
        "x-sentry-rate-limit-remaining": String(remaining),
        "x-sentry-rate-limit-reset": String(start / second + ahead / second + reset),
      });
      quota.observe({ headers, status }, sent);
    },
    other(headers: Record<string, string> = {}) {
      quota.observe({ headers: new Headers(headers), status: 200 }, time);
    },
  };
}

test("holdUntil() lets one request pass before the first answer, and any number after one without a limit", () => {
  const { quota, other } = setup();
  expect(quota.holdUntil(0)).toBe(0);
  expect(quota.holdUntil(1)).toBe(Number.POSITIVE_INFINITY);
  other();
  expect(quota.holdUntil(1_000)).toBe(0);
});

test("holdUntil() counts what is under way against what remains, until the period ends", () => {
  const { quota, at, answer } = setup();
  at(200);
  answer({ remaining: 5 });
  expect(quota.holdUntil(4)).toBe(0);
  const end = quota.holdUntil(5);
  // The server's Date says 12:00:00, so its clock may be up to 200 ms behind ours.
  expect(end).toBe(start + 1_000 + 200 + 50);
  at(1_249);
  expect(quota.holdUntil(5)).toBe(end);
  at(1_250);
  expect(quota.holdUntil(39)).toBe(0);
  expect(quota.holdUntil(40)).toBe(Number.POSITIVE_INFINITY);
});

test("observe() ignores an answer of a period that is over, and takes the least of one period", () => {
  const { quota, at, answer } = setup();
  answer({ remaining: 3, reset: 2 });
  answer({ remaining: 4, reset: 2 });
  answer({ remaining: 39, reset: 1 });
  expect(quota.holdUntil(2)).toBe(0);
  expect(quota.holdUntil(3)).toBeGreaterThan(start);
  at(1_500);
  answer({ remaining: 39, reset: 3 });
  expect(quota.holdUntil(38)).toBe(0);
});

test("observe() counts an answer without the headers as one of the period", () => {
  const { quota, answer, other } = setup();
  answer({ remaining: 2 });
  other();
  expect(quota.holdUntil(0)).toBe(0);
  expect(quota.holdUntil(1)).toBeGreaterThan(start);
});

test("after a refusal the first request of a period tells what others left, ten periods long", () => {
  const { quota, at, answer } = setup();
  answer({ remaining: 0, status: 429 });
  for (let period = 1; period <= 11; period++) {
    at(period * second + 600);
    expect(quota.holdUntil(1)).toBe(period <= 10 ? Number.POSITIVE_INFINITY : 0);
    answer({ remaining: 20, reset: period + 1 });
    expect(quota.holdUntil(19)).toBe(0);
  }
});

test("observe() follows our clock when that is set", () => {
  const { quota, at, answer } = setup();
  for (const shift of [0, 3_600_000, -3_600_000, 60_000]) {
    at(shift);
    answer({ remaining: 0, ahead: -shift, reset: shift / second + 10 });
    expect(quota.holdUntil(0)).toBe(start + shift + 10 * second + 50);
  }
});

test("observe() takes no mistake for a period", () => {
  const nonsense = ["None", "", "-1", "1e9", "NaN", "99999999999999999999"];
  for (const text of nonsense) {
    const { quota, other } = setup();
    for (const name of ["limit", "remaining", "reset"]) {
      const good = { limit: "40", remaining: "0", reset: String(start / second + 5) };
      const told = Object.entries({ ...good, [name]: text });
      other(Object.fromEntries(told.map(([key, value]) => [`x-sentry-rate-limit-${key}`, value])));
    }
    expect(quota.holdUntil(100)).toBe(0);
  }
  const far = setup();
  far.answer({ remaining: 0, reset: 86_400 });
  expect(far.quota.holdUntil(100)).toBe(0);
});

test("holdUntil() never holds for ever when nothing is under way", () => {
  const told = fc.record({
    limit: fc.integer({ min: 0, max: 5 }),
    remaining: fc.integer({ min: 0, max: 5 }),
    reset: fc.integer({ min: -5, max: 700 }),
    ahead: fc.integer({ min: -3, max: 3 }).map((seconds) => seconds * second),
    status: fc.constantFrom(200, 429),
  });
  const step = fc.record({ wait: fc.integer({ min: 0, max: 5_000 }), told: fc.option(told) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { quota, at, answer, other } = setup();
      let time = 0;
      for (const { wait, told } of steps) {
        time += wait;
        at(time);
        if (told) answer(told);
        else other();
        const until = quota.holdUntil(0);
        expect(until).toBeLessThanOrEqual(start + time + 600_000);
      }
    }),
  );
});
