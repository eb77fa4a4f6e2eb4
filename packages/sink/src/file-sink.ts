import type { Sink, SinkPlugin } from "@decant/core";
import { checkRows } from "./check-rows.ts";
import { isGzip, openTarget } from "./open-target.ts";
import { readRows, type Unframe } from "./read-rows.ts";
import type { Tail, Target } from "./target.ts";

/** What stands around the rows of a file. */
export interface Format {
  /** Before the first row. */
  readonly first: Uint8Array;
  /** Before each other row. */
  readonly next: Uint8Array;
  /** After each row. */
  readonly after: Uint8Array;
  readonly tail: Tail;
  readonly unframe: Unframe;
}

/** Makes a sink of one file, that goes back to a byte offset. */
export function createFileSink(format: Format): SinkPlugin {
  return {
    resume: "rewind",
    streams: "one",
    open: async (options) => createSink(await openTarget(options, format.tail), format),
    read: ({ destination, signal }) =>
      readRows(destination, { unframe: format.unframe, compressed: isGzip(destination), signal }),
  };
}

function createSink(target: Target, format: Format): Sink {
  let empty = target.start === 0;
  let broken: { readonly error: unknown } | undefined;

  // After a failure nobody knows what was written: only opening at a position makes that good.
  async function step<T>(run: () => Promise<T>): Promise<T> {
    if (broken) throw broken.error;
    try {
      return await run();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }

  return {
    async write(_stream, rows) {
      if (rows.length === 0) return;
      checkRows(rows);
      const parts = rows.flatMap((row, index) => [
        empty && index === 0 ? format.first : format.next,
        row.json,
        format.after,
      ]);
      empty = false;
      await step(() => target.write(parts));
    },
    commit: () => step(() => target.commit()),
    async finish() {
      if (broken) throw broken.error;
      await target.finish();
    },
    async [Symbol.asyncDispose]() {
      await target[Symbol.asyncDispose]();
    },
  };
}
