import { type Batch, createRow, type Slice } from "@decant/core";
import { expect, test } from "vitest";
import { takeRecord } from "./slice-record.ts";
import { applyBatch, createSliceState, selectNew } from "./slice-state.ts";

const rows = ["a", "b", "a"].map((id) => createRow({ id, json: new Uint8Array(2) }));
const batch: Batch = { rows, next: { cursor: "1" } };

/** Takes the same page twice, and tells how many rows of each were new and which ids are stored. */
function takeTwice(dedupe: Slice["dedupe"]) {
  const slice: Slice = { key: "all", stream: "s", lane: "main", dedupe, args: null };
  const state = createSliceState(slice);
  const taken = [batch, batch].map((page) => {
    const selected = selectNew(state, page.rows);
    applyBatch(state, { batch: page, selected, accepted: selected, held: 0 });
    return selected.length;
  });
  return { taken, duplicates: state.sum.duplicates, ids: takeRecord(state, []).ids };
}

test.each(["slice", "page"] as const)(
  "selectNew() drops what comes again, for dedupe %s",
  (dedupe) => {
    expect(takeTwice(dedupe)).toEqual({ taken: [2, 0], duplicates: 4, ids: ["a", "b"] });
  },
);

test("selectNew() keeps all rows, and no ids, for dedupe none", () => {
  expect(takeTwice("none")).toEqual({ taken: [3, 3], duplicates: 0, ids: [] });
});
