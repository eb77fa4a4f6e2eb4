import fc from "fast-check";
import { expect, test } from "vitest";
import { createTokenCache } from "./create-token-cache.ts";
import type { ExpiringToken } from "./parse-token.ts";

const hour = 3_600_000;

function at(expiresAt: number, value = "x"): ExpiringToken {
  return { value, type: "Bearer", expiresAt: new Date(expiresAt) };
}

test("createTokenCache() renews just when a token lives too shortly, whatever is asked when", async () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b"),
    pass: fc.nat(hour),
    minTtlMs: fc.nat(hour - 1),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step), async (steps) => {
      let now = 0;
      const model = new Map<string, number>();
      const cached = createTokenCache(() => now);
      for (const { name, pass, minTtlMs } of steps) {
        now += pass;
        let minted = false;
        const mint = async () => {
          minted = true;
          return at(now + hour, name);
        };
        const token = await cached(name, { minTtlMs, mint });
        expect(minted).toBe(!((model.get(name) ?? 0) - now > minTtlMs));
        if (minted) model.set(name, now + hour);
        expect(token).toEqual(at(model.get(name)!, name));
      }
    }),
  );
});

test("createTokenCache() lets callers at the same time share one request", async () => {
  const cached = createTokenCache(() => 0);
  const { promise, resolve } = Promise.withResolvers<ExpiringToken>();
  let mints = 0;
  const mint = () => {
    mints++;
    return promise;
  };
  const both = Promise.all([
    cached("a", { minTtlMs: 0, mint }),
    cached("a", { minTtlMs: 9, mint }),
  ]);
  resolve(at(hour));
  const [first, second] = await both;
  expect(first).toBe(second);
  expect(mints).toBe(1);
});

test("createTokenCache() ends a request that nobody waits for, and only then", async () => {
  const cached = createTokenCache(() => 0);
  const signals: AbortSignal[] = [];
  const mint = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<ExpiringToken>(() => {});
  };
  const first = new AbortController();
  const second = new AbortController();
  const one = cached("a", { minTtlMs: 0, mint, signal: first.signal });
  const other = cached("a", { minTtlMs: 0, mint, signal: second.signal });
  first.abort("first");
  await expect(one).rejects.toBe("first");
  expect(signals[0]?.aborted).toBe(false);
  second.abort("second");
  await expect(other).rejects.toBe("second");
  expect(signals[0]?.aborted).toBe(true);
  // A later call must not join what was ended.
  const third = cached("a", { minTtlMs: 0, mint: async () => at(hour) });
  expect(await third).toEqual(at(hour));
});

test("createTokenCache() forgets a request that failed", async () => {
  const cached = createTokenCache(() => 0);
  const fail = () => Promise.reject(new Error("no"));
  await expect(cached("a", { minTtlMs: 0, mint: fail })).rejects.toThrow("no");
  expect(await cached("a", { minTtlMs: 0, mint: async () => at(hour) })).toEqual(at(hour));
});

test("createTokenCache() keeps 1,000 tokens, those that were used last", async () => {
  const cached = createTokenCache(() => 0);
  let mints = 0;
  const get = (name: string) =>
    cached(name, {
      minTtlMs: 0,
      async mint() {
        mints++;
        return at(hour, name);
      },
    });
  for (let count = 0; count < 1_000; count++) await get(`token ${count}`);
  await get("token 0");
  await get("one more");
  expect(mints).toBe(1_001);
  await get("token 0");
  await get("token 2");
  expect(mints).toBe(1_001);
  await get("token 1");
  expect(mints).toBe(1_002);
});
