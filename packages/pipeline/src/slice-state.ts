import type { Batch, End, Row, Slice } from "@decant/core";
import { addDigests, addRows, formatDigest, parseDigest } from "./digest.ts";
import type { Mark, SliceReport } from "./manifest.ts";

/** What closed slices share, as there may be very many of them; nothing is added to it. */
const noIds: Set<string> = new Set();

/** How often an offset slice is read before what is still missing is called a hole. */
const maxPasses = 3;

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
  /** Rows that this pass added. */
  added: number;
  rows: number;
  bytes: number;
  duplicates: number;
  digest: bigint;
  first?: Mark;
  last?: Mark;
}

/** A slice's line in a commit: its numbers as they are now, and the ids that are new. */
export interface SliceRecord {
  readonly key: string;
  readonly cursor?: string;
  readonly end?: End;
  readonly pass: number;
  readonly pages: number;
  readonly added: number;
  readonly rows: number;
  readonly bytes: number;
  readonly duplicates: number;
  readonly digest: string;
  readonly first?: Mark;
  readonly last?: Mark;
  readonly ids: readonly string[];
  readonly spawn?: readonly Slice[];
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
    rows: 0,
    bytes: 0,
    duplicates: 0,
    digest: 0n,
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

/** A page, with what of it is new, and what of that the sink has taken. */
export interface Delivery {
  readonly batch: Batch;
  readonly selected: readonly Row[];
  readonly accepted: readonly Row[];
}

/**
 * Takes note of a page.
 *
 * @returns The slices that it spawned.
 */
export function applyBatch(
  state: SliceState,
  { batch, selected, accepted }: Delivery,
): readonly Slice[] {
  noteIds(state, batch.rows);
  state.pages += 1;
  state.added += accepted.length;
  state.rows += accepted.length;
  state.duplicates += batch.rows.length - selected.length;
  state.digest = addRows(
    state.digest,
    accepted.map((row) => row.json),
  );
  for (const row of accepted) {
    state.bytes += row.json.byteLength;
    noteMark(state, row);
  }
  if (accepted.length < selected.length) close(state, { why: "limit" });
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
  const verdict = judge(state, end);
  delete state.cursor;
  if (verdict) {
    close(state, verdict);
    return;
  }
  state.pass += 1;
  state.pages = 0;
  state.added = 0;
}

function judge(state: SliceState, end: End): End | undefined {
  if (!(end.why === "complete" || end.why === "hole") || state.slice.dedupe !== "slice") return end;
  const { expected, lost = 0, shifted } = end;
  const held = state.seen.size + lost;
  const settled = state.pages <= 1 || (state.pass > 1 && state.added === 0);
  const done =
    expected === undefined
      ? shifted === false || (settled && !shifted)
      : held >= expected && (settled || !shifted);
  if (done) return end;
  if (state.pass < maxPasses) return undefined;
  const detail =
    expected !== undefined && held < expected
      ? `the server counts ${expected} rows and lists ${held} of them in ${maxPasses} passes`
      : `rows moved from page to page in each of ${maxPasses} passes, and some may have been missed`;
  return { ...end, why: "hole", detail: end.detail ? `${end.detail}; ${detail}` : detail };
}

/** Closes a slice. Its ids are dropped, unless slices that it was split into still need them. */
function close(state: SliceState, end: End): void {
  state.end = end;
  delete state.cursor;
  state.slice = { ...state.slice, args: null };
  if (end.why !== "split" || state.seen.size === 0) state.seen = noIds;
}

function noteMark(state: SliceState, { id, time }: Row): void {
  const mark: Mark = time === undefined ? { id } : { id, time };
  if (!state.first || isBefore(mark, state.first)) state.first = mark;
  if (!state.last || isBefore(state.last, mark)) state.last = mark;
}

/** Orders marks by time. Parsed, since servers write whole seconds with no fraction. */
export function isBefore(a: Mark, b: Mark): boolean {
  return a.time !== undefined && b.time !== undefined && Date.parse(a.time) < Date.parse(b.time);
}

/** Takes the record of a slice for the journal; its new ids are the journal's from then on. */
export function takeRecord(state: SliceState, spawn: readonly Slice[]): SliceRecord {
  const { slice, cursor, end, first, last } = state;
  const ids = state.fresh;
  state.fresh = [];
  return {
    key: slice.key,
    ...(cursor !== undefined && { cursor }),
    ...(end && { end }),
    pass: state.pass,
    pages: state.pages,
    added: state.added,
    rows: state.rows,
    bytes: state.bytes,
    duplicates: state.duplicates,
    digest: formatDigest(state.digest),
    ...(first && { first }),
    ...(last && { last }),
    // The ids of a closed slice serve only those that it was split into.
    ids: end && end.why !== "split" ? [] : ids,
    ...(spawn.length > 0 && { spawn }),
  };
}

/** Brings a slice to where a record of the journal left it. */
export function applyRecord(state: SliceState, record: SliceRecord): void {
  const { cursor, end, first, last } = record;
  if (state.slice.dedupe === "page") state.seen = new Set(record.ids);
  else for (const id of record.ids) state.seen.add(id);
  if (cursor === undefined) delete state.cursor;
  else state.cursor = cursor;
  const { pass, pages, added, rows, bytes, duplicates } = record;
  Object.assign(state, { pass, pages, added, rows, bytes, duplicates });
  state.digest = parseDigest(record.digest);
  if (first) state.first = first;
  if (last) state.last = last;
  if (end) close(state, end);
}

/** Sums up a slice for the manifest. */
export function reportSlice(state: SliceState): SliceReport {
  const { slice, first, last, end } = state;
  return {
    key: slice.key,
    stream: slice.stream,
    rows: state.rows,
    bytes: state.bytes,
    duplicates: state.duplicates,
    passes: state.pass,
    digest: formatDigest(state.digest),
    ...(first && { first }),
    ...(last && { last }),
    ...(end && { end }),
  };
}

/** Adds up the digests of slices. */
export function sumDigests(states: Iterable<SliceState>): bigint {
  let sum = 0n;
  for (const state of states) sum = addDigests(sum, state.digest);
  return sum;
}
