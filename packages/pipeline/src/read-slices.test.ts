import { type Batch, createRow, type Slice, type Source } from "@decant/core";
import { expect, test } from "vitest";
import { readSlices } from "./read-slices.ts";
import { applyBatch, createSliceState, type SliceState } from "./slice-state.ts";

const row = createRow({ id: "a", json: new Uint8Array(2) });

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
  applyBatch(state, { batch, selected: batch.rows, accepted: batch.rows, held: 0 });
  return [];
}

const rest = { signal: new AbortController().signal, keys: () => [], onPage() {} };

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

test("readSlices() takes what was spawned first, and the rest in its order", async () => {
  const order: string[] = [];
  const { source } = countingSource();
  const one: Source = {
    ...source,
    lanes: { wide: { concurrency: 1 } },
    async *read({ key }) {
      order.push(key);
      yield { rows: [], next: { end: { why: "complete" } } };
    },
  };
  async function spawning(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    applyBatch(state, { batch, selected: [], accepted: [], held: 0 });
    return state.slice.key === "wide0" ? slices(2, "wide").map(rename) : [];
  }
  function rename(state: SliceState): SliceState {
    state.slice = { ...state.slice, key: `part of ${state.slice.key}` };
    return state;
  }
  const all = slices(3, "wide");
  await readSlices({
    ...rest,
    source: one,
    slices: all,
    concurrency: 5,
    deliver: spawning,
    onFailure,
  });
  expect(order).toEqual(["wide0", "part of wide0", "part of wide1", "wide1", "wide2"]);
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
