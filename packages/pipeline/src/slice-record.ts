import type { End, Slice } from "@decant/core";
import type { SliceReport, Tally } from "./manifest.ts";
import { close, type SliceState } from "./slice-state.ts";
import { formatSum, parseSum } from "./tally.ts";

/** A slice's line in a commit: its numbers as they are now, and the ids that are new. */
export interface SliceRecord {
  readonly key: string;
  readonly cursor?: string;
  readonly end?: End;
  readonly pass: number;
  readonly pages: number;
  readonly added: number;
  readonly vain: number;
  readonly differed: boolean;
  readonly confirmed: boolean;
  readonly tally: Tally;
  readonly ids: readonly string[];
  readonly spawn?: readonly Slice[];
}

/** Takes the record of a slice for the journal; its new ids are the journal's from then on. */
export function takeRecord(state: SliceState, spawn: readonly Slice[]): SliceRecord {
  const { slice, cursor, end, pass, pages, added, vain, differed, confirmed } = state;
  const ids = state.fresh;
  state.fresh = [];
  return {
    key: slice.key,
    ...(cursor !== undefined && { cursor }),
    ...(end && { end }),
    pass,
    pages,
    added,
    vain,
    differed,
    confirmed,
    tally: formatSum(state.sum),
    // The ids of a closed slice serve only those that it was split into.
    ids: end && end.why !== "split" ? [] : ids,
    ...(spawn.length > 0 && { spawn }),
  };
}

/** Brings a slice to where a record of the journal left it. */
export function applyRecord(state: SliceState, record: SliceRecord): void {
  const { cursor, end, pass, pages, added, vain, differed, confirmed } = record;
  if (state.slice.dedupe === "page") state.seen = new Set(record.ids);
  else for (const id of record.ids) state.seen.add(id);
  if (cursor === undefined) delete state.cursor;
  else state.cursor = cursor;
  Object.assign(state, { pass, pages, added, vain, differed, confirmed });
  state.sum = parseSum(record.tally);
  if (end) close(state, end);
}

/** Sums up a slice for the manifest. */
export function reportSlice({
  slice,
  pass,
  differed,
  confirmed,
  sum,
  end,
}: SliceState): SliceReport {
  return {
    key: slice.key,
    stream: slice.stream,
    passes: pass,
    ...(differed && { differed }),
    ...(confirmed && { confirmed }),
    ...formatSum(sum),
    ...(end && { end }),
  };
}
