import { type Batch, DecantError, type Source } from "@decant/core";
import type { SliceState } from "./slice-state.ts";

export interface ReadSlicesOptions {
  readonly source: Source;
  /** What is to be read, in order. */
  readonly slices: readonly SliceState[];
  /** How many slices may be read at once, over all lanes. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** The keys of all slices that are known. */
  keys(): Iterable<string>;
  /** Takes a page and resolves when it can take more, with the slices that the page spawned. */
  deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]>;
  /** Called when a slice could not be read: the others are to be stopped. */
  onFailure(error: unknown): void;
  /** Called after each page. */
  onPage(counts: { readonly open: number; readonly waiting: number }): void;
}

/**
 * Reads slices until none is left, each as soon as its lane has room. A slice holds at most two
 * pages: the one that is being written, and the one that its source reads ahead. Resolves when all
 * readers have come to rest, also after an abort or a failure.
 */
export async function readSlices(options: ReadSlicesOptions): Promise<void> {
  const { source, concurrency, signal, onFailure, onPage } = options;
  const lanes = createLanes(source);
  const rest = Promise.withResolvers<void>();
  let open = 0;
  lanes.push(options.slices.filter((state) => !state.end));

  function start(): void {
    while (!signal.aborted && open < concurrency) {
      const state = lanes.take();
      if (!state) break;
      open += 1;
      readSlice(state, { ...options, deliver })
        .catch((error: unknown) => {
          if (!signal.aborted) onFailure(error);
        })
        .finally(() => {
          open -= 1;
          lanes.give(state);
          start();
        });
    }
    if (open === 0) rest.resolve();
  }

  async function deliver(state: SliceState, batch: Batch): Promise<readonly SliceState[]> {
    const spawned = await options.deliver(state, batch);
    lanes.push(spawned);
    onPage({ open, waiting: lanes.waiting });
    start();
    return spawned;
  }

  start();
  await rest.promise;
}

/** The slices that wait, by lane, and how many of each lane are being read. */
interface Lanes {
  readonly waiting: number;
  /** What was pushed last is taken first, so that few slices are open: a split goes depth first. */
  push(states: readonly SliceState[]): void;
  /** Takes a slice whose lane has room. */
  take(): SliceState | undefined;
  /** Gives the room of a slice back. */
  give(state: SliceState): void;
}

function createLanes(source: Source): Lanes {
  const lanes = new Map<string, { readonly stack: SliceState[]; open: number }>();
  let waiting = 0;

  return {
    get waiting() {
      return waiting;
    },
    push(states) {
      for (const state of states.toReversed()) {
        const { lane } = state.slice;
        if (!lanes.has(lane)) lanes.set(lane, { stack: [], open: 0 });
        lanes.get(lane)?.stack.push(state);
      }
      waiting += states.length;
    },
    take() {
      for (const [name, lane] of lanes) {
        if (lane.open >= (source.lanes[name]?.concurrency ?? 1)) continue;
        const state = lane.stack.pop();
        if (!state) continue;
        lane.open += 1;
        waiting -= 1;
        return state;
      }
      return undefined;
    },
    give({ slice }) {
      const lane = lanes.get(slice.lane);
      if (lane) lane.open -= 1;
    },
  };
}

/** Reads one slice to its end, as often as the ledger wants it read. */
async function readSlice(state: SliceState, options: ReadSlicesOptions): Promise<void> {
  const { source, signal, keys, deliver } = options;
  while (!state.end && !signal.aborted) {
    const { cursor, pass } = state;
    const from = cursor === undefined ? {} : { cursor };
    const pages = source.read(state.slice, { ...from, signal, keys });
    for await (const batch of pages) {
      await deliver(state, batch);
      if (state.end || state.pass !== pass || signal.aborted) break;
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
