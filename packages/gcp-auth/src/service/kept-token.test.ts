import type { Token } from "@decant/core";
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
} from "fast-check";
import { expect, test } from "vitest";
import { createKeptToken } from "./kept-token.ts";

const hour = 3_600_000;
const gives = constantFrom<number | "error">("error", hour, hour, 240_000, 500, -1);

const step = oneof(
  record({ kind: constant("advance" as const), ms: integer({ min: 0, max: 20 * 60_000 }) }),
  record({ kind: constant("advance" as const), ms: integer({ min: 0, max: 3_000 }) }),
  record({ kind: constant("ask" as const), times: integer({ min: 1, max: 5 }) }),
  record({ kind: constant("upstream" as const), gives }),
);

/** A server whose tokens are as long-lived as it is told, and that notes how it is asked. */
function createUpstream() {
  const upstream = {
    time: 0,
    gives: hour as number | "error",
    /** How long before a mint the last one had been, if that went wrong. */
    pauses: [] as number[],
    lastAt: 0,
    atOnce: 0,
    most: 0,
    /** Whether the last answer was a token of an hour. */
    well: true,
    async mint(): Promise<Token> {
      if (!upstream.well) upstream.pauses.push(upstream.time - upstream.lastAt);
      upstream.lastAt = upstream.time;
      upstream.atOnce++;
      upstream.most = Math.max(upstream.most, upstream.atOnce);
      await null;
      upstream.atOnce--;
      upstream.well = upstream.gives === hour;
      if (upstream.gives === "error") throw new Error("down");
      const end = upstream.time + upstream.gives;
      return { value: String(end), type: "Bearer", expiresAt: new Date(end) };
    },
  };
  return upstream;
}

async function ask(
  kept: ReturnType<typeof createKeptToken>,
  { times, upstream }: { times: number; upstream: ReturnType<typeof createUpstream> },
) {
  const background: Promise<unknown>[] = [];
  const asked = Array.from({ length: times }, () => kept.get((work) => background.push(work)));
  for (const outcome of await Promise.all(asked)) {
    if ("error" in outcome) {
      expect(upstream.well).toBe(false);
      continue;
    }
    const left = Number(outcome.token.value) - upstream.time;
    expect(outcome.ttlMs).toBe(left);
    expect(left).toBeGreaterThanOrEqual(1_000);
    if (outcome.cache === "stale") expect(upstream.well).toBe(false);
    else expect(left).toBeGreaterThan(300_000);
  }
  await Promise.all(background);
}

test("createKeptToken() serves what lives, mints one at a time, and leaves a failing server alone", async () => {
  await assert(
    asyncProperty(
      array(step, { maxLength: 80 }),
      integer({ min: 0, max: 99 }),
      async (steps, luck) => {
        const upstream = createUpstream();
        const kept = createKeptToken(upstream.mint, {
          now: () => upstream.time,
          random: () => luck / 100,
          sleep: (_, signal) =>
            new Promise((_, reject) =>
              signal.addEventListener("abort", () => reject(signal.reason)),
            ),
          signal: new AbortController().signal,
          onMint: () => {},
        });
        for (const next of steps) {
          if (next.kind === "advance") upstream.time += next.ms;
          else if (next.kind === "upstream") upstream.gives = next.gives;
          else await ask(kept, { times: next.times, upstream });
        }
        expect(upstream.most).toBeLessThanOrEqual(1);
        expect(upstream.pauses.filter((pause) => pause < 750)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
