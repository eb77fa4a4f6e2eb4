import { type Batch, isDecantError, type Row, type Sink, type Slice } from "@decant/core";
import type { Redactor } from "./create-redactor.ts";
import type { Held } from "./held.ts";
import type { Journal } from "./journal.ts";
import { addSlices, type Ledger, sumUp } from "./ledger.ts";
import { createSerial } from "./serial.ts";
import { takeRecord } from "./slice-record.ts";
import { applyBatch, type SliceState, selectNew } from "./slice-state.ts";

export interface WriterOptions {
  readonly ledger: Ledger;
  readonly sink: Sink;
  readonly journal: Journal;
  readonly redactor?: Redactor | undefined;
  /** What earlier runs wrote. */
  readonly held?: Held | undefined;
  /** Commit after so many bytes, or so long after the first of them. */
  readonly commitEvery: { readonly bytes: number; readonly ms: number };
  /** Called when nothing more can or need be written. */
  onStop(reason: unknown): void;
}

/** What all slices came to until now. */
interface Totals {
  rows: number;
  bytes: number;
  duplicates: number;
  /** Rows by stream. */
  readonly streams: Record<string, number>;
}

/** The one place that touches the sink and the journal, one task at a time. */
export interface Writer {
  readonly totals: Totals;
  /** Set when the export has a declared end before the source's. */
  readonly stopped: "limit" | "closed" | undefined;
  /** Writes a page and resolves when the sink can take more, with the slices that it spawned. */
  deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]>;
  /** Commits what is not committed yet, and nothing more by itself. */
  close(): Promise<void>;
}

export function createWriter(options: WriterOptions): Writer {
  const { ledger, commitEvery, onStop } = options;
  const totals = totalsOf(ledger);
  const pending: Pending = { spawn: new Map(), bytes: 0 };
  const serial = createSerial(onStop);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped: Writer["stopped"];

  function stop(status: "limit" | "closed"): void {
    stopped = status;
    onStop(status);
  }

  async function commitNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    await commit(pending, options);
  }

  function commitLater(): void {
    // A failure has reached onStop by then, and the next task throws it again.
    serial(() => unlessClosed(commitNow)).catch(() => {});
  }

  async function write(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    const spawned = await writeBatch({ state, batch, totals, pending }, options);
    if (totals.rows >= (ledger.header.job.limit ?? Number.POSITIVE_INFINITY)) stop("limit");
    if (pending.bytes >= commitEvery.bytes) await commitNow();
    else timer ??= setTimeout(commitLater, commitEvery.ms);
    return spawned;
  }

  /** Does nothing any more once the reader of the output went away: that is no failure. */
  async function unlessClosed<T>(task: () => Promise<T>): Promise<T | undefined> {
    if (stopped === "closed") return undefined;
    try {
      return await task();
    } catch (error) {
      if (!isDecantError(error) || error.code !== "OUTPUT_CLOSED") throw error;
      stop("closed");
      return undefined;
    }
  }

  return {
    totals,
    get stopped() {
      return stopped;
    },
    deliver: (state, batch) =>
      serial(async () => (stopped ? [] : ((await unlessClosed(() => write(state, batch))) ?? []))),
    close: () => serial(() => unlessClosed(commitNow)).finally(() => clearTimeout(timer)),
  };
}

function totalsOf({ slices }: Ledger): Totals {
  const { rows, bytes, duplicates } = sumUp(slices.values());
  const streams: Record<string, number> = {};
  for (const { slice, sum } of slices.values()) {
    if (sum.rows > 0) streams[slice.stream] = (streams[slice.stream] ?? 0) + sum.rows;
  }
  return { rows, bytes, duplicates, streams };
}

/** What the sink has taken since the last commit. */
interface Pending {
  /** The slices that were read, each with those that it spawned. */
  readonly spawn: Map<SliceState, readonly Slice[]>;
  bytes: number;
}

interface WriteOptions {
  readonly state: SliceState;
  readonly batch: Batch;
  readonly totals: Totals;
  readonly pending: Pending;
}

async function writeBatch(
  { state, batch, totals, pending }: WriteOptions,
  options: WriterOptions,
): Promise<readonly SliceState[]> {
  const { ledger, sink } = options;
  const { limit = Number.POSITIVE_INFINITY } = ledger.header.job;
  const { stream } = state.slice;
  const selected = selectNew(state, batch.rows);
  const { accepted, held } = prepare(selected, { ...options, stream, room: limit - totals.rows });
  if (accepted.length > 0) await sink.write(stream, accepted);
  options.held?.add(stream, accepted);
  const spawn = applyBatch(state, { batch, selected, accepted, held });
  const spawned = addSlices(ledger, spawn, state);
  const earlier = pending.spawn.get(state) ?? [];
  pending.spawn.set(state, [...earlier, ...spawned.map(({ slice }) => slice)]);
  const bytes = accepted.reduce((sum, row) => sum + row.json.byteLength, 0);
  pending.bytes += bytes;
  totals.bytes += bytes;
  totals.rows += accepted.length;
  totals.duplicates += batch.rows.length - selected.length;
  if (accepted.length > 0) totals.streams[stream] = (totals.streams[stream] ?? 0) + accepted.length;
  return spawned;
}

interface PrepareOptions extends WriterOptions {
  readonly stream: string;
  /** How many rows there is room for. */
  readonly room: number;
}

/** Redacts rows and leaves out those that an earlier run wrote. */
function prepare(
  rows: readonly Row[],
  { stream, room, ledger, redactor, held }: PrepareOptions,
): { accepted: readonly Row[]; held: number } {
  if (!redactor && !held) return { accepted: rows.slice(0, room), held: 0 };
  const accepted: Row[] = [];
  let old = 0;
  for (const row of rows) {
    if (accepted.length >= room) break;
    const found: string[] = [];
    const redacted = redactor?.redact(row, (name) => found.push(name)) ?? row;
    // As it is written, so that a change of what is taken out is none.
    if (held?.has(stream, redacted)) {
      old += 1;
      continue;
    }
    accepted.push(redacted);
    for (const name of found) ledger.matches[name] = (ledger.matches[name] ?? 0) + 1;
  }
  return { accepted, held: old };
}

/** Sink first, then what is held, then the journal: a state never says more than its output holds. */
async function commit(pending: Pending, options: WriterOptions): Promise<void> {
  const { ledger, sink, journal, redactor, held } = options;
  if (pending.spawn.size === 0) return;
  const position = await sink.commit();
  const length = await held?.commit();
  const slices = [...pending.spawn].map(([state, spawn]) => takeRecord(state, spawn));
  const matches = redactor && { matches: { ...ledger.matches } };
  const holds = length === undefined ? {} : { held: length };
  await journal.append({ commit: { position, slices, ...matches, ...holds } });
  ledger.position = position;
  ledger.held = length ?? 0;
  pending.spawn.clear();
  pending.bytes = 0;
}
