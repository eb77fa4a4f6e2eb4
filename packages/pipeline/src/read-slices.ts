import { type Batch, DecantError, type Source } from "@decant/core";
import type { SliceState } from "./slice-state.ts";

/** Pages that were read and are not written yet may hold this much. */
const maxHeldBytes = 64 * 2 ** 20;

export interface ReadSlicesOptions {
  readonly source: Source;
  /** What is to be read, in order. */
  readonly slices: readonly SliceState[];
  /** How many slices may be read at once, over all lanes. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Takes a page and resolves when it can take more, with the slices that the page spawned. */
  deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]>;
  /** Called when a slice could not be read: the others are to be stopped. */
  onFailure(error: unknown): void;
  /** Called after each page. */
  onPage(counts: { readonly open: number; readonly waiting: number }): void;
}

/**
 * Reads slices until none is left, each as soon as its lane has room. Resolves when all readers
 * have come to rest, also after an abort or a failure.
 */
export async function readSlices(options: ReadSlicesOptions): Promise<void> {
  const { source, concurrency, signal, onFailure, onPage } = options;
  const queue = options.slices.filter((state) => !state.end);
  const lanes = new Map<string, number>();
  const open = new Set<Promise<void>>();
  const memory = createMemory(maxHeldBytes);

  function start(): void {
    while (!signal.aborted && open.size < concurrency) {
      const index = queue.findIndex(({ slice }) => hasRoom(slice.lane));
      const [state] = index < 0 ? [] : queue.splice(index, 1);
      if (!state) return;
      const { lane } = state.slice;
      lanes.set(lane, (lanes.get(lane) ?? 0) + 1);
      const reader = readSlice(state, { ...options, deliver, memory })
        .catch((error: unknown) => {
          if (!signal.aborted) onFailure(error);
        })
        .finally(() => {
          lanes.set(lane, (lanes.get(lane) ?? 1) - 1);
          open.delete(reader);
          start();
        });
      open.add(reader);
    }
  }

  function hasRoom(name: string): boolean {
    const { concurrency: limit } = source.lanes[name] ?? { concurrency: 1 };
    return (lanes.get(name) ?? 0) < limit;
  }

  async function deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    const spawned = await options.deliver(state, batch);
    // Depth first: what was just found is read before the rest, so that few slices are open.
    queue.unshift(...spawned);
    onPage({ open: open.size, waiting: queue.length });
    start();
    return spawned;
  }

  start();
  while (open.size > 0) await Promise.race(open);
}

/** Holds readers back while too much is waiting to be written. */
interface Memory {
  take(bytes: number): void;
  give(bytes: number): void;
  room(): Promise<void>;
}

function createMemory(limit: number): Memory {
  let held = 0;
  let waiting = Promise.withResolvers<void>();
  return {
    take(bytes) {
      held += bytes;
    },
    give(bytes) {
      held -= bytes;
      waiting.resolve();
      waiting = Promise.withResolvers();
    },
    async room() {
      while (held >= limit) await waiting.promise;
    },
  };
}

interface ReadSliceOptions extends ReadSlicesOptions {
  readonly memory: Memory;
}

/** Reads one slice to its end, as often as the ledger wants it read. */
async function readSlice(state: SliceState, options: ReadSliceOptions): Promise<void> {
  const { source, signal, deliver, memory } = options;
  while (!state.end && !signal.aborted) {
    const { cursor, pass } = state;
    const pages = source.read(state.slice, { ...(cursor !== undefined && { cursor }), signal });
    for await (const batch of pages) {
      const bytes = batch.rows.reduce((sum, row) => sum + row.json.byteLength, 0);
      memory.take(bytes);
      try {
        await deliver(state, batch);
      } finally {
        memory.give(bytes);
      }
      if (state.end || state.pass !== pass || signal.aborted) break;
      await memory.room();
    }
    if (!state.end && state.pass === pass && !signal.aborted) {
      throw new DecantError(
        "SOURCE_CONTRACT",
        `Cannot finish slice "${state.slice.key}": its source stopped without saying why`,
        { kind: "source" },
      );
    }
  }
}
