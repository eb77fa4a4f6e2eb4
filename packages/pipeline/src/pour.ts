import type { Batch, Sink, SinkPlugin, Source } from "@decant/core";
import { judgeEnds } from "./build-manifest.ts";
import type { Redactor } from "./create-redactor.ts";
import { createEstimate } from "./estimate.ts";
import type { Held } from "./held.ts";
import type { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Status } from "./manifest.ts";
import type { Progress } from "./progress.ts";
import { readSlices } from "./read-slices.ts";
import type { SliceState } from "./slice-state.ts";
import { createWriter } from "./writer.ts";

/** What a crash costs at most: a second of work, or what a disk takes in one go. */
const defaultCommitEvery = { bytes: 8 * 2 ** 20, ms: 1000 };
/** The longest that a timer waits. */
const never = 2 ** 31 - 1;

export interface PourOptions {
  readonly source: Source;
  readonly plugin: SinkPlugin;
  readonly sink: Sink;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly redactor?: Redactor | undefined;
  readonly held?: Held | undefined;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/**
 * Reads every slice into the sink. However it ends, all that was written is committed first.
 *
 * @returns How it ended.
 *
 * @throws what the source or the sink threw first.
 */
export async function pour(options: PourOptions): Promise<Status> {
  const { source, plugin, sink, ledger, journal, redactor, held, onProgress } = options;
  const { concurrency = 32 } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  let failure: { readonly error: unknown } | undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    stop.abort(error);
  }

  const estimate = createEstimate(ledger.slices.values());
  let later = unread(ledger, { last: true }).length;
  const { commitEvery = defaultCommitEvery } = plugin;
  const writer = createWriter({
    ledger,
    sink,
    journal,
    redactor,
    held,
    commitEvery: { bytes: Number.POSITIVE_INFINITY, ms: never, ...commitEvery },
    onStop: (reason) => stop.abort(reason),
  });

  async function deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    const spawned = await writer.deliver(state, batch);
    estimate.update([state, ...spawned]);
    return spawned.filter(({ slice }) => !slice.last);
  }

  function onPage({ open, waiting: queued }: { open: number; waiting: number }): void {
    const waiting = queued + later;
    const done = ledger.slices.size - open - waiting;
    const expected = estimate.rows;
    onProgress?.({
      ...writer.totals,
      streams: { ...writer.totals.streams },
      slices: { done, open, waiting },
      ...(expected !== undefined && { expected }),
    });
  }

  const keys = () => ledger.slices.keys();
  const reading = { source, concurrency, signal, keys, deliver, onFailure: fail, onPage };
  await readSlices({ ...reading, slices: unread(ledger, { last: false }) });
  later = 0;
  await readSlices({ ...reading, slices: unread(ledger, { last: true }) });
  await writer.close().catch(fail);
  if (failure) throw failure.error;
  return judge(ledger, writer.stopped);
}

/** The slices that are still to be read: all but the last ones, or those alone. */
function unread({ slices }: Ledger, { last }: { readonly last: boolean }): SliceState[] {
  return [...slices.values()].filter(({ slice, end }) => !end && (slice.last ?? false) === last);
}

function judge(ledger: Ledger, stopped: "limit" | "closed" | undefined): Status {
  const open = [...ledger.slices.values()].some((state) => !state.end);
  if (stopped === "closed") return stopped;
  if (open && stopped === undefined) return "interrupted";
  const status = judgeEnds(ledger);
  // Whoever set the limit knows of that, and not of a hole.
  return open && status === "complete" ? "limit" : status;
}
