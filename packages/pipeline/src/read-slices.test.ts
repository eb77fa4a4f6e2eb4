import { type Batch, createRow, type Slice, type Source } from "@decant/core";
import { expect, test } from "vitest";
import { readSlices } from "./read-slices.ts";
import { applyBatch, createSliceState, type SliceState } from "./slice-state.ts";

const row = createRow({ id: "a", json: new Uint8Array(20 * 2 ** 20) });

function slices(count: number, lane: string): SliceState[] {
  return Array.from({ length: count }, (_, index) => {
    const slice: Slice = { key: `${lane}${index}`, stream: "s", lane, dedupe: "page", args: null };
    return createSliceState(slice);
  });
}

/** A source that counts how many slices of each lane are read at once. */
function countingSource(): {
  source: Source;
  most: Record<string, number>;
  now: Record<string, number>;
} {
  const now: Record<string, number> = {};
  const most: Record<string, number> = {};
  const source: Source = {
    identity: "counting",
    streams: [],
    lanes: { wide: { concurrency: 4 }, narrow: { concurrency: 1 } },
    plan: async () => [],
    async *read({ lane }) {
      now[lane] = (now[lane] ?? 0) + 1;
      most[lane] = Math.max(most[lane] ?? 0, now[lane]);
      try {
        yield { rows: [row], next: { cursor: "1" } };
        yield { rows: [row], next: { end: { why: "complete" } } };
      } finally {
        now[lane] -= 1;
      }
    },
  };
  return { source, most, now };
}

async function deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
  await null;
  applyBatch(state, batch, []);
  return [];
}

const rest = { signal: new AbortController().signal, onPage() {} };

function onFailure(error: unknown): never {
  throw error;
}

test("readSlices() keeps each lane to its own limit", async () => {
  const { source, most } = countingSource();
  const all = [...slices(3, "narrow"), ...slices(9, "wide")];
  await readSlices({ ...rest, source, slices: all, concurrency: 5, deliver, onFailure });
  expect(all.every(({ end }) => end?.why === "complete")).toBe(true);
  expect(most).toEqual({ narrow: 1, wide: 4 });
});

test("readSlices() asks for no more pages while 64 MiB are waiting to be written", async () => {
  const { source } = countingSource();
  const wide: Source = { ...source, lanes: { wide: { concurrency: 50 } } };
  let held = 0;
  let most = 0;
  const gate = Promise.withResolvers<void>();
  async function slow(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    held += 20;
    most = Math.max(most, held);
    if (held >= 200) gate.resolve();
    await gate.promise;
    held -= 20;
    return deliver(state, batch);
  }
  await readSlices({
    ...rest,
    source: wide,
    slices: slices(10, "wide"),
    concurrency: 50,
    deliver: slow,
    onFailure,
  });
  expect(most).toBe(200); // One page of each of ten slices, and no second one.
});

test("readSlices() reports a source that stops without a word", async () => {
  const { source } = countingSource();
  const mute: Source = { ...source, async *read() {} };
  const failures: unknown[] = [];
  await readSlices({
    ...rest,
    source: mute,
    slices: slices(1, "wide"),
    concurrency: 1,
    deliver,
    onFailure: (error) => void failures.push(error),
  });
  expect(failures).toMatchObject([{ code: "SOURCE_CONTRACT" }]);
});
