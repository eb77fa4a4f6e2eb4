import type { Batch, End, Row, Slice } from "@decant/core";
import { addRows, createSum, type Sum } from "./tally.ts";

/** What closed slices share, as there may be very many of them; nothing is added to it. */
const noIds: Set<string> = new Set();

/** So many passes in a row that find nothing new mean that what is still missing is a hole. */
const mostVain = 3;
/** A list that changes as fast as it is read is not read for ever. */
const maxPasses = 20;

/** What is known of one slice while an export runs. */
export interface SliceState {
  /** Once it is closed, without its arguments. */
  slice: Slice;
  /** The nearest slice that this one was split from and that holds rows: they may come again. */
  readonly ancestor: SliceState | undefined;
  /** Ids held: of the whole slice, or of the last page, as `slice.dedupe` says. */
  seen: Set<string>;
  /** Ids not yet in the journal. */
  fresh: string[];
  cursor?: string;
  end?: End;
  pass: number;
  /** Pages of this pass. */
  pages: number;
  /** Rows that this pass was the first to find. */
  added: number;
  /** How many passes in a row have found nothing new. */
  vain: number;
  /** Whether a pass gave something else than the server counted, or than the pass before. */
  differed: boolean;
  /** Whether all rows are there that the server counted. */
  confirmed: boolean;
  sum: Sum;
}

export function createSliceState(slice: Slice, parent?: SliceState): SliceState {
  const ancestor = parent && parent.seen.size === 0 ? parent.ancestor : parent;
  return {
    slice,
    ancestor,
    seen: new Set(),
    fresh: [],
    pass: 1,
    pages: 0,
    added: 0,
    vain: 0,
    differed: false,
    confirmed: false,
    sum: createSum(),
  };
}

/** Picks the rows of a page that are not in the output yet, each id once. */
export function selectNew(state: SliceState, rows: readonly Row[]): readonly Row[] {
  if (state.slice.dedupe === "none") return rows;
  const page = new Set<string>();
  return rows.filter(({ id }) => {
    if (page.has(id) || isHeld(state, id)) return false;
    page.add(id);
    return true;
  });
}

function isHeld(state: SliceState, id: string): boolean {
  for (let at: SliceState | undefined = state; at; at = at.ancestor) {
    if (at.seen.has(id)) return true;
  }
  return false;
}

/** A page, with what of it is new, and what became of that. */
export interface Delivery {
  readonly batch: Batch;
  readonly selected: readonly Row[];
  /** What the sink has taken. */
  readonly accepted: readonly Row[];
  /** How many an earlier run has written. */
  readonly held: number;
}

/**
 * Takes note of a page.
 *
 * @returns The slices that it spawned.
 */
export function applyBatch(
  state: SliceState,
  { batch, selected, accepted, held }: Delivery,
): readonly Slice[] {
  noteIds(state, batch.rows);
  state.pages += 1;
  state.added += selected.length;
  state.sum.duplicates += batch.rows.length - selected.length;
  state.sum.held += held;
  addRows(state.sum, accepted);
  if (accepted.length + held < selected.length) close(state, { why: "limit" });
  else if ("cursor" in batch.next) state.cursor = batch.next.cursor;
  else settle(state, batch.next.end);
  return batch.spawn ?? [];
}

function noteIds(state: SliceState, rows: readonly Row[]): void {
  if (state.slice.dedupe === "none") return;
  if (state.slice.dedupe === "page") {
    state.seen = new Set(rows.map((row) => row.id));
    state.fresh = [...state.seen];
    return;
  }
  for (const { id } of rows) {
    if (state.seen.has(id)) continue;
    state.seen.add(id);
    state.fresh.push(id);
  }
}

/**
 * Closes a slice, or has it read once more. Rows that arrive or go while offset pages are read
 * shift the others past the reader, so such a slice is complete only when it holds as many rows
 * as the server counts, or, without a count, when a whole pass found nothing new.
 */
function settle(state: SliceState, end: End): void {
  state.vain = state.pass > 1 && state.added === 0 ? state.vain + 1 : 0;
  const verdict = judge(state, end);
  delete state.cursor;
  const held = state.slice.dedupe === "slice" ? state.seen.size : state.sum.rows + state.sum.held;
  const short = end.expected !== undefined && held < end.expected;
  if (state.pass > 1 ? state.added > 0 : short && !verdict) state.differed = true;
  if (verdict) {
    state.confirmed = verdict.why === "complete" && end.expected !== undefined && !short;
    close(state, verdict);
    return;
  }
  state.pass += 1;
  state.pages = 0;
  state.added = 0;
}

function judge(state: SliceState, end: End): End | undefined {
  if (!(end.why === "complete" || end.why === "hole") || state.slice.dedupe !== "slice") return end;
  const { expected, lost = 0, twice = 0, shifted } = end;
  const held = state.seen.size + lost;
  const settled = state.pages <= 1 || (state.pass > 1 && state.added === 0);
  const done =
    expected === undefined
      ? shifted === false || (settled && !shifted)
      : held >= expected && (settled || !shifted);
  if (done) return end;
  if (state.pass < maxPasses && state.vain < mostVain) return undefined;
  const detail =
    expected !== undefined && held < expected
      ? `the server counts ${expected} rows and lists ${held} of them in ${state.pass} passes${twice > 0 ? `, ${twice} of them twice` : ""}`
      : `rows moved from page to page in each of ${state.pass} passes, and some may have been missed`;
  return { ...end, why: "hole", detail: end.detail ? `${end.detail}; ${detail}` : detail };
}

/** Closes a slice. Its ids are dropped, unless slices that it was split into still need them. */
export function close(state: SliceState, end: End): void {
  state.end = end;
  delete state.cursor;
  state.slice = { ...state.slice, args: null };
  if (end.why !== "split" || state.seen.size === 0) state.seen = noIds;
}
